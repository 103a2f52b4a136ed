using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Setup;

/// <summary>Everything the Setup room puts into the process. Read this first.</summary>
public static class SetupModule
{
    public static void AddSetup(this IServiceCollection services)
    {
        services.AddSingleton<FirstRun>();
        services.AddSingleton<SetupLink>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapSetup(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api) => SetupPages.Map(pages);
}
