using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Events;

/// <summary>Everything the Events room puts into the process. Read this first.</summary>
public static class EventsModule
{
    public static void AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<EventOutbox>();
        services.AddSingleton<OutboxPruning>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<OutboxPruning>());
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapEvents(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
