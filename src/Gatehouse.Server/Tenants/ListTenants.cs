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
    private static readonly ListShape<TenantRow> Shape = new(
        tenant => tenant.Id.Value,
        [new("created_at")],
        [
            ListField<TenantRow>.Exact("id", tenant => tenant.Id.ToString()),
            ListField<TenantRow>.Text("slug", tenant => tenant.Slug),
            ListField<TenantRow>.Text("display_name", tenant => tenant.DisplayName),
            ListField<TenantRow>.Text("issuer", tenant => tenant.Issuer),
            ListField<TenantRow>.Exact("parent_id", tenant => tenant.ParentId?.ToString()),
            ListField<TenantRow>.Exact("status", tenant => tenant.Standing, "active", "suspended", "deleting"),
            ListField<TenantRow>.Time("created_at", tenant => tenant.CreatedAt),
            ListField<TenantRow>.Time("updated_at", tenant => tenant.UpdatedAt),
            ListField<TenantRow>.Time("delete_after", tenant => tenant.DeleteAfter),
        ]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tenants", HandleAsync).WithName("tenants.list").WithSummary("List tenants").RequirePermission(Scopes.TenantsRead).Lists(Shape);
        api.MapGet("/tenants/{id}", GetAsync).WithName("tenants.get").WithSummary("Get a tenant").RequirePermission(Scopes.TenantsRead).SelectsFields();
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>.</returns>
    internal static async Task<Results<Ok<Page<TenantView>>, ProblemHttpResult>> HandleAsync(HttpContext http, TenantContext tenant, TenantChange change, Lists lists, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await change.ReadAsync(ct);
        var found = await query.ReadAsync((after, limit) => query.Descending
            ? TenantStore.ListTreeAsync(tx, tenant.Id, after?.Id, limit, ct) : TenantStore.ListTreeOldestFirstAsync(tx, tenant.Id, after?.Id, limit, ct));
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
