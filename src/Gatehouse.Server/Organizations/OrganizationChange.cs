using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Organizations;

/// <summary>
/// What changing an organization always takes: find it (or 404), honour <c>If-Match</c>, change, audit, tell, commit; all of it one transaction.
/// </summary>
internal sealed class OrganizationChange(IDatabase database, AuditLog audit, EventOutbox events, TimeProvider clock)
{
    /// <param name="change">What it is to be; a problem rolls everything back.</param>
    internal async ValueTask<Result<Organization, Problem>> ApplyAsync(string id, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, string action,
        Func<TenantTransaction, Organization, ValueTask<Result<Organization, Problem>>> change, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(id, out var organizationId)) return OrganizationProblems.NotFound;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await OrganizationStore.FindAsync(tx, organizationId, ct) is not { } before) return OrganizationProblems.NotFound;
        if (ETags.Check(http, before.Version) is { } outdated) return outdated;
        if (!(await change(tx, before)).TryGet(out var wanted, out var problem)) return problem;
        var now = clock.Now();
        if (!await OrganizationStore.TryUpdateAsync(tx, wanted, now, ct))
            return wanted.Slug != before.Slug && await OrganizationStore.FindBySlugAsync(tx, wanted.Slug, ct) is not null ? OrganizationProblems.SlugTaken : ETags.Changed;
        await audit.AppendAsync(tx, OrganizationAudit.Of(action, organizationId, caller, facts), ct);
        await events.PublishAsync(tx, new OrganizationUpdated(organizationId), ct);
        if (before.Status == OrganizationStatus.Active && wanted.Status == OrganizationStatus.Disabled) await events.PublishAsync(tx, new OrganizationDisabled(organizationId), ct);
        await tx.CommitAsync(ct);
        ETags.Set(http, wanted.Version + 1);
        return wanted with { Version = wanted.Version + 1, UpdatedAt = now };
    }
}
