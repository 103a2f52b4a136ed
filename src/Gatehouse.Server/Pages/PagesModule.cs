using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Pages;

/// <summary>Everything the Pages room puts into the process. Read this first.</summary>
public static class PagesModule
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddSingleton<Antiforgery>();
        services.AddSingleton<Forms>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapPages(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api) => AssetEndpoints.Map(pages);
}
