using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Http;

/// <summary>Everything the Http room puts into the process. Read this first.</summary>
public static class HttpModule
{
    public static void AddHttp(this IServiceCollection services)
    {
        services.AddSingleton<Idempotency>();
        services.AddHostedService<IdempotencyPruning>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapHttp(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ApiConventions.Apply(api);
    }
}
