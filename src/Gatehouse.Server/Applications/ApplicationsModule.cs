using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Applications;

/// <summary>Everything the Applications room puts into the process. Read this first.</summary>
public static class ApplicationsModule
{
    public static void AddApplications(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapApplications(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
