using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Flows;

/// <summary>Everything the Flows room puts into the process. Read this first.</summary>
public static class FlowsModule
{
    public static void AddFlows(this IServiceCollection services)
    {
        services.AddSingleton<Interactions>();
        services.AddSingleton(FlowsPruning.Table);
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapFlows(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
