using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Tenants;

/// <summary>Ends the tenants whose grace time is over. One that an audit's hold keeps waits until that is released.</summary>
internal sealed class DueDeletions(ISystemDatabase database, TenantChange change, TenantDirectory tenants, TimeProvider clock, ILogger<DueDeletions> log) : RepeatingJob(TimeSpan.FromMinutes(1), clock, log, atStart: false)
{
    private const int PerRound = 100;
    private readonly TimeProvider clock = clock;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        List<TenantId> due;
        await using (var read = await database.ReadAsync(ct)) due = await TenantStore.ListDueAsync(read, clock.Now(), PerRound, ct);
        foreach (var id in due) await EndAsync(id, ct);
    }

    private async Task EndAsync(TenantId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(ct);
        // Looked at again under the row's lock: restored meanwhile, or ended by another process.
        if (!await TenantStore.HoldDueAsync(tx, id, clock.Now(), ct) || await TenantStore.FindAsync(tx, id, ct) is not { } row || await AuditHolds.AnyAsync(tx.For(id), ct)) return;
        if (await DeleteTenant.GoneAsync(tx, row, clock.Now(), ct) is not null) return;
        var above = row.ParentId is { } parent ? await tenants.FindAsync(parent, ct) : null;
        var entry = new AuditEntry("tenant.deleted", AuditOutcome.Success, AuditActor.System, "tenant", id.ToString(), RequestFacts.None);
        await change.RecordAsync(tx, above ?? row.ToContext(), id, entry, new TenantDeleted(id), ct);
        await tx.CommitAsync(ct);
    }
}
