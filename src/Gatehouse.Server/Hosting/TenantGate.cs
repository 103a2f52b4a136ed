using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Tenants;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Hosting;

/// <summary>Lets a request reach its endpoint only with an active tenant, unless the endpoint says that it answers without one.</summary>
internal sealed class TenantGate(RequestDelegate next, TenantDirectory tenants)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<AllowNoTenant>() is not null) { await next(http); return; }
        switch (http.Features.Get<TenantContext>())
        {
            case { Status: TenantStatus.Active }:
                await next(http);
                return;
            case not null:
                await new Problem("tenant_suspended", 403, "This tenant is suspended. Ask its operator.").ToHttp().ExecuteAsync(http);
                return;
            case null when !await tenants.AnyAsync(http.RequestAborted):
                await Problem.Unavailable("not_set_up", "This server is not set up yet: open the link in its log.").ToHttp().ExecuteAsync(http);
                return;
            default:
                await Problem.NotFound("tenant_unknown", "No tenant answers at this address.").ToHttp().ExecuteAsync(http);
                return;
        }
    }
}
