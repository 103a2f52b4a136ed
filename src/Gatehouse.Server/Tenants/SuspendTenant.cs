using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary>
/// <c>POST /api/v1/tenants/{id}/suspend</c> and <c>/resume</c>: a suspended tenant answers every request with one page or problem;
/// nothing of it is lost. The tenants below it go on.
/// </summary>
internal static class SuspendTenant
{
    internal static readonly Problem Own =
        Problem.Conflict("tenant_is_own", "A tenant cannot suspend or delete itself; an administrator of the tenant above it can. The root tenant stays.");

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tenants/{id}/suspend", SuspendAsync).WithName("tenants.suspend").WithSummary("Suspend a tenant").RequirePermission(Scopes.TenantsWrite);
        api.MapPost("/tenants/{id}/resume", ResumeAsync).WithName("tenants.resume").WithSummary("Resume a suspended tenant").RequirePermission(Scopes.TenantsWrite);
    }

    /// <returns>200, also when it was suspended already; 404 <c>tenant_not_found</c>; 409 <c>tenant_is_own</c>, <c>tenant_deleting</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<TenantView>, ProblemHttpResult>> SuspendAsync(string id, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, TenantChange change, CancellationToken ct) => SetAsync(id, TenantStatus.Suspended, http, tenant, caller, facts, change, ct);

    /// <returns>200, also when it was active already; 404 <c>tenant_not_found</c>; 409 <c>tenant_is_own</c>, <c>tenant_deleting</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<TenantView>, ProblemHttpResult>> ResumeAsync(string id, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, TenantChange change, CancellationToken ct) => SetAsync(id, TenantStatus.Active, http, tenant, caller, facts, change, ct);

    private static async Task<Results<Ok<TenantView>, ProblemHttpResult>> SetAsync(string id, TenantStatus status, HttpContext http, TenantContext tenant,
        Caller caller, RequestFacts facts, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.BeginAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        if (row.Id == tenant.Id) return Own.ToHttp();
        if (ETags.Check(http, row.Version) is { } stale) return stale.ToHttp();
        if (row.DeleteAfter is not null) return DeleteTenant.Deleting.ToHttp();
        if (row.Status != status)
        {
            var now = change.Clock.Now();
            if (!await TenantStore.TrySetStatusAsync(tx, row, status, now, ct)) return ETags.Changed.ToHttp();
            if (status == TenantStatus.Suspended)
                await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.suspended", caller, row.Id, facts), new TenantSuspended(row.Id), ct);
            else
                await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.resumed", caller, row.Id, facts), new TenantResumed(row.Id), ct);
            await tx.CommitAsync(ct);
            row = row with { Status = status, Version = row.Version + 1, UpdatedAt = now };
        }
        ETags.Set(http, row.Version);
        return TypedResults.Ok(TenantView.Of(row));
    }
}
