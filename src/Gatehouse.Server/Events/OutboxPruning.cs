using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Events;

/// <summary>Forgets events a week after they happened, delivered or not: a subscriber away for longer reads the objects anew.</summary>
internal sealed class OutboxPruning(ISystemDatabase system, IDatabase database, TimeProvider clock, ILogger<OutboxPruning> log)
    : RepeatingJob(TimeSpan.FromMinutes(10), clock, log)
{
    internal static readonly TimeSpan Retention = TimeSpan.FromDays(7);
    private const int MaxBatches = 20;

    // Across tenants: whose events have had their day. Reads the index of ages only.
    private const string SelectTenants = "SELECT DISTINCT tenant_id FROM outbox_events WHERE created_at < @before LIMIT 200";
    // Bounded, so that a long backlog is worked off in short transactions.
    private const string Delete = """
        DELETE FROM outbox_events WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM outbox_events WHERE tenant_id = @tenant AND created_at < @before LIMIT 1000)
        """;
    private readonly TimeProvider clock = clock;

    protected override Task RunOnceAsync(CancellationToken ct) => PruneAsync(ct);

    internal async Task PruneAsync(CancellationToken ct)
    {
        var before = clock.Now() - Retention;
        List<TenantId> tenants;
        await using (var tx = await system.ReadAsync(ct)) tenants = await tx.ListAsync(SelectTenants, [("before", before)], row => row.Id<TenantId>(0), ct);
        foreach (var tenant in tenants)
            for (var batch = 0; batch < MaxBatches && await DeleteAsync(tenant, before, ct) > 0; batch++) { }
    }

    internal async Task<int> DeleteAsync(TenantId tenant, DateTimeOffset before, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        var deleted = await tx.ExecuteAsync(Delete, [("before", before)], ct);
        await tx.CommitAsync(ct);
        return deleted;
    }
}
