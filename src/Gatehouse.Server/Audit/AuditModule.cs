using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Audit;

/// <summary>Everything the Audit room puts into the process. Read this first.</summary>
public static class AuditModule
{
    public static void AddAudit(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapAudit(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
