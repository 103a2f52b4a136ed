using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary>
/// <c>DELETE /api/v1/tenants/{id}</c>: the tenant is gone at once, its slug and addresses are free, its rows follow in the background
/// (<see cref="TenantPurge"/>).
/// </summary>
internal static class DeleteTenant
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/tenants/{id}", HandleAsync).WithName("tenants.delete").WithSummary("Delete a tenant").RequirePermission(Scopes.TenantsWrite).RequireFreshProof();

    /// <returns>204; 404 <c>tenant_not_found</c>; 409 <c>tenant_is_own</c>, <c>tenant_has_children</c>, <c>audit_on_hold</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.BeginAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        if (row.Id == tenant.Id) return SuspendTenant.Own.ToHttp();
        if (ETags.Check(http, row.Version) is { } stale) return stale.ToHttp();
        // Its data keys would go, and with them what the audit tells of persons.
        if (await AuditHolds.AnyAsync(tx.For(row.Id), ct)) return Problem.Conflict("audit_on_hold", "A legal hold keeps this tenant's audit. Release it first.").ToHttp();
        // A child being created holds this row too: whoever comes second sees what the first has done.
        await TenantStore.TouchAsync(tx, row.Id, ct);
        if (!await TenantStore.TryDeleteAsync(tx, row.Id, change.Clock.Now(), ct))
            return Problem.Conflict("tenant_has_children", "Delete the tenants below this one first.").ToHttp();
        await TenantStore.DeleteDomainsAsync(tx, row.Id, ct);
        await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.deleted", caller, row.Id, facts), new TenantDeleted(row.Id), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
