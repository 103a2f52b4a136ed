using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Caching;

/// <summary>Everything the Caching room puts into the process. Read this first.</summary>
public static class CachingModule
{
    public static void AddCaching(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapCaching(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
