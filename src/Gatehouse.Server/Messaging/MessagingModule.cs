using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Messaging;

/// <summary>Everything the Messaging room puts into the process. Read this first.</summary>
public static class MessagingModule
{
    public static void AddMessaging(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapMessaging(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
