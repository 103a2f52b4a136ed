using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.OAuth;

/// <summary>Everything the OAuth room puts into the process. Read this first.</summary>
public static class OAuthModule
{
    public static void AddOAuth(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapOAuth(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
