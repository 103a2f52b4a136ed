using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary><c>GET /api/v1/tenants</c>: the caller's tenant and all below it, newest first. <c>GET /api/v1/tenants/{id}</c>: one of them.</summary>
internal static class ListTenants
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tenants", HandleAsync).WithName("tenants.list").WithSummary("List tenants").RequirePermission(Scopes.TenantsRead);
        api.MapGet("/tenants/{id}", GetAsync).WithName("tenants.get").WithSummary("Get a tenant").RequirePermission(Scopes.TenantsRead);
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<TenantView>>, ProblemHttpResult>> HandleAsync(string? limit, string? cursor, TenantContext tenant, TenantChange change, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await change.ReadAsync(ct);
        var rows = await TenantStore.ListTreeAsync(tx, tenant.Id, page.After, page.Limit + 1, ct);
        var found = page.ToPage(rows, r => r.Id.Value);
        return TypedResults.Ok(new Page<TenantView>([.. found.Items.Select(TenantView.Of)], found.Next));
    }

    /// <returns>200; 404 <c>tenant_not_found</c>, also for a tenant that is not below the caller's.</returns>
    internal static async Task<Results<Ok<TenantView>, ProblemHttpResult>> GetAsync(string id, HttpContext http, TenantContext tenant, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.ReadAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        ETags.Set(http, row.Version);
        return TypedResults.Ok(TenantView.Of(row));
    }
}
