using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Credentials;

/// <summary>Everything the Credentials room puts into the process. Read this first.</summary>
public static class CredentialsModule
{
    public static void AddCredentials(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapCredentials(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
