using System.Globalization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary>
/// <c>DELETE /api/v1/tenants/{id}</c>: the tenant stops answering at once; after a grace time, in which <c>POST /api/v1/tenants/{id}/restore</c> brings it back as it was,
/// it is gone for good (<see cref="DueDeletions"/>), its slug and addresses are free, and its rows follow (<see cref="TenantPurge"/>). Asks for an export first.
/// </summary>
internal static class DeleteTenant
{
    internal const int DefaultGraceDays = 7, MaxGraceDays = 90, MaxReason = 300;
    internal static readonly TimeSpan ExportAge = TimeSpan.FromDays(1);
    internal static readonly Problem Deleting = Problem.Conflict("tenant_deleting", "This tenant is being deleted. Restore it first, or wait.");

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/tenants/{id}", HandleAsync).WithName("tenants.delete").WithSummary("Delete a tenant").RequirePermission(Scopes.TenantsWrite).RequireFreshProof();
        api.MapPost("/tenants/{id}/restore", RestoreAsync).WithName("tenants.restore").WithSummary("Undo the deletion of a tenant").RequirePermission(Scopes.TenantsWrite);
    }

    /// <summary>A tenant whose time runs already can be deleted at once, by <c>grace_days=0</c>.</summary>
    /// <param name="grace_days">How long it can be restored: 0 to 90, default 7. With 0 it is gone at once.</param>
    /// <param name="without_export"><c>true</c>: although nobody has exported it in the last 24 hours. Wants a reason.</param>
    /// <param name="reason">Why without an export; 1 to 300 characters, kept in the audit.</param>
    /// <returns>202 with the tenant and its <c>delete_after</c>; 204 when it is gone; 404 <c>tenant_not_found</c>; 409 <c>tenant_is_own</c>, <c>tenant_has_children</c>, <c>tenant_deleting</c>,
    /// <c>audit_on_hold</c>, <c>export_missing</c>; 412 <c>version_mismatch</c>; 422 <c>grace_invalid</c>, <c>without_export_invalid</c>, <c>reason_invalid</c>.</returns>
    internal static async Task<Results<NoContent, Accepted<TenantView>, ProblemHttpResult>> HandleAsync(string id, string? grace_days, string? without_export, string? reason, HttpContext http,
        TenantContext tenant, Caller caller, RequestFacts facts, TenantChange change, CancellationToken ct)
    {
        var days = DefaultGraceDays;
        if (grace_days is not null && (!int.TryParse(grace_days, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days > MaxGraceDays))
            return Problem.Invalid("grace_invalid", $"A number of days from 0 to {MaxGraceDays}.", "grace_days").ToHttp();
        if (without_export is not (null or "true" or "false")) return Problem.Invalid("without_export_invalid", "true or false.", "without_export").ToHttp();
        if (without_export == "true" ? string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason || reason.Any(char.IsControl) : reason is not null)
            return Problem.Invalid("reason_invalid", $"With without_export a reason of 1 to {MaxReason} printable characters, else none.", "reason").ToHttp();

        await using var tx = await change.BeginAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        if (row.Id == tenant.Id) return SuspendTenant.Own.ToHttp();
        if (ETags.Check(http, row.Version) is { } stale) return stale.ToHttp();
        if (row.DeleteAfter is not null && days > 0) return Deleting.ToHttp();
        // Its data keys would go, and with them what the audit tells of persons.
        if (await AuditHolds.AnyAsync(tx.For(row.Id), ct)) return Problem.Conflict("audit_on_hold", "A legal hold keeps this tenant's audit. Release it first.").ToHttp();
        var now = change.Clock.Now();
        if (without_export != "true" && !await TenantExportStore.AnySinceAsync(tx.For(row.Id), now - ExportAge, ct))
            return Problem.Conflict("export_missing", "Nobody has exported this tenant in the last 24 hours. Export it, or say without_export=true and why.").ToHttp();
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["grace_days"] = days.ToString(CultureInfo.InvariantCulture) };
        if (reason is not null) details["without_export"] = reason;

        if (days == 0)
        {
            if (await GoneAsync(tx, row, now, ct) is { } kept) return kept.ToHttp();
            await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.deleted", caller, row.Id, facts, details), new TenantDeleted(row.Id), ct);
            await tx.CommitAsync(ct);
            return TypedResults.NoContent();
        }
        // A child being created holds this row too: whoever comes second sees what the first has done.
        if (!await TenantStore.TouchAsync(tx, row.Id, ct)) return Deleting.ToHttp();
        var after = now + TimeSpan.FromDays(days);
        if (!await TenantStore.TryScheduleAsync(tx, row.Id, after, now, ct)) return Children.ToHttp();
        await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.deletion_scheduled", caller, row.Id, facts, details), new TenantDeletionScheduled(row.Id, after), ct);
        var scheduled = (await TenantStore.FindAsync(tx, row.Id, ct))!;
        await tx.CommitAsync(ct);
        ETags.Set(http, scheduled.Version);
        return TypedResults.Accepted($"{tenant.PathBase}/api/v1/tenants/{row.Id}", TenantView.Of(scheduled));
    }

    /// <summary>As it was before: active, or suspended.</summary>
    /// <returns>200, also when nobody is deleting it; 404 <c>tenant_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<Ok<TenantView>, ProblemHttpResult>> RestoreAsync(string id, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.BeginAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        if (ETags.Check(http, row.Version) is { } stale) return stale.ToHttp();
        if (row.DeleteAfter is not null)
        {
            if (!await TenantStore.TryRestoreAsync(tx, row.Id, change.Clock.Now(), ct)) return TenantChange.Unknown.ToHttp();
            await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.restored", caller, row.Id, facts), new TenantRestored(row.Id), ct);
            row = (await TenantStore.FindAsync(tx, row.Id, ct))!;
            await tx.CommitAsync(ct);
        }
        ETags.Set(http, row.Version);
        return TypedResults.Ok(TenantView.Of(row));
    }

    /// <summary>Hides the tenant for good and gives its names back. The caller writes it down and commits.</summary>
    /// <returns>Null, or <c>tenant_has_children</c>.</returns>
    internal static async ValueTask<Problem?> GoneAsync(SystemTransaction tx, TenantRow row, DateTimeOffset now, CancellationToken ct)
    {
        // Not where it is being deleted: nobody can create a child there any more.
        if (row.DeleteAfter is null) await TenantStore.TouchAsync(tx, row.Id, ct);
        if (!await TenantStore.TryDeleteAsync(tx, row.Id, now, ct)) return Children;
        await TenantStore.DeleteDomainsAsync(tx, row.Id, ct);
        return null;
    }

    private static Problem Children { get; } = Problem.Conflict("tenant_has_children", "Delete the tenants below this one first.");
}
