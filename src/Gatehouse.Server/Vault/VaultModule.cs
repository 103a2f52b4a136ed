using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Vault;

/// <summary>Everything the Vault room puts into the process. Read this first.</summary>
public static class VaultModule
{
    public static void AddVault(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapVault(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
