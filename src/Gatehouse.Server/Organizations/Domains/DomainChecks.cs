using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Organizations.Domains;

/// <summary>
/// Checks verified domains again, each once a day. One whose proof is gone is looked for every six hours, told of in the audit at once, and lost after three days:
/// a name server that is down for an evening costs nobody anything. Each check is claimed by one conditional statement, so that one process makes it.
/// </summary>
internal sealed class DomainChecks(ISystemDatabase system, IDatabase database, DomainProofs proofs, AuditLog audit, EventOutbox events, TimeProvider clock, ILogger<DomainChecks> log)
    : RepeatingJob(TimeSpan.FromMinutes(10), clock, log, atStart: false)
{
    internal static readonly TimeSpan Every = TimeSpan.FromDays(1), Again = TimeSpan.FromHours(6), Grace = TimeSpan.FromDays(3);
    private const int PerTenant = 50;
    private readonly TimeProvider clock = clock;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        List<TenantId> tenants;
        await using (var read = await system.ReadAsync(ct)) tenants = await DomainStore.FindDueTenantsAsync(read, clock.Now(), ct);
        foreach (var tenant in tenants)
        {
            List<DomainClaim> due;
            await using (var read = await database.ReadAsync(tenant, ct)) due = await DomainStore.ListDueAsync(read, clock.Now(), PerTenant, ct);
            foreach (var claim in due) await CheckAsync(tenant, claim, ct);
        }
    }

    private async Task CheckAsync(TenantId tenant, DomainClaim claim, CancellationToken ct)
    {
        var now = clock.Now();
        await using (var tx = await database.BeginAsync(tenant, ct))
        {
            if (!await DomainStore.TryClaimAsync(tx, claim, now, now + Again, ct)) return;
            await tx.CommitAsync(ct);
        }
        var method = await proofs.FindAsync(claim, ct);
        await using var after = await database.BeginAsync(tenant, ct);
        if (method is not null)
        {
            if (!await DomainStore.FoundAsync(after, claim, method, now, now + Every, ct)) return;
        }
        else if (claim.FailingSince is { } since && now - since >= Grace)
        {
            if (!await DomainStore.LostAsync(after, claim, ct)) return;
            await TellAsync(after, "domain.lost", claim, ct);
            await events.PublishAsync(after, new DomainLost(claim.OrganizationId, claim.Domain), ct);
        }
        else
        {
            if (!await DomainStore.MissedAsync(after, claim, now, now + Again, ct)) return;
            if (claim.FailingSince is null) await TellAsync(after, "domain.failing", claim, ct);
        }
        await after.CommitAsync(ct);
    }

    private ValueTask TellAsync(TenantTransaction tx, string action, DomainClaim claim, CancellationToken ct) =>
        audit.AppendAsync(tx, OrganizationAudit.Of(action, claim.OrganizationId, AuditActor.System, RequestFacts.None, ManageDomains.Details(claim.Domain)), ct);
}
