using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Authorization;

/// <summary>Everything the Authorization room puts into the process. Read this first.</summary>
public static class AuthorizationModule
{
    public static void AddAuthorizationRoom(this IServiceCollection services)
    {
        services.AddSingleton<Roles>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapAuthorization(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
