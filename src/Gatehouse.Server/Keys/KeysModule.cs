using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Keys;

/// <summary>Everything the Keys room puts into the process. Read this first.</summary>
public static class KeysModule
{
    public static void AddKeys(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapKeys(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
