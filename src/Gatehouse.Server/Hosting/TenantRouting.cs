using Gatehouse.Tenants;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Hosting;

/// <summary>
/// Resolves host and path to a tenant, once, before routing: the tenant becomes a feature that handlers take by parameter, and the part
/// of the path that named it becomes the path base, so that rooms map tenant-relative routes only. Finds nothing for an unknown host;
/// <see cref="TenantGate"/> answers then.
/// </summary>
internal sealed class TenantRouting(RequestDelegate next, TenantDirectory tenants)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        // Whether we are alive is asked when the database, which knows the tenants, may be away.
        if (HealthEndpoints.Own(request.Path)) { await next(http); return; }
        // RFC 8414 §3.1 and RFC 9728 §3.1 insert the well-known part between host and path: /.well-known/x/t/acme. Read as /t/acme/.well-known/x.
        var path = request.Path.Value ?? "";
        if (WellKnownPath.TryMoveTenantFirst(path) is { } moved) path = moved;
        if (await tenants.ResolveAsync(request.Host.Value ?? "", path, http.RequestAborted) is { } found)
        {
            http.Features.Set(found.Tenant);
            if (found.PathBase.Length > 0)
            {
                request.PathBase = request.PathBase.Add(new PathString(found.PathBase));
                request.Path = new PathString(path[found.PathBase.Length..]);
            }
        }
        await next(http);
    }
}
