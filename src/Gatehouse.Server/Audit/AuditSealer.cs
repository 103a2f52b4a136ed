using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Audit;

/// <summary>
/// Links what was appended into each tenant's hash chain, behind the transactions that appended it
/// (docs/decisions/0004-audit-chain-sealed-behind.md). Any number of processes may run it: the head's row is the lock.
/// </summary>
internal sealed class AuditSealer(ISystemDatabase database, TimeProvider clock, ILogger<AuditSealer> log)
    : RepeatingJob(TimeSpan.FromMilliseconds(500), clock, log)
{
    private const int MaxTenants = 200, BatchSize = 200, MaxBatches = 20;

    // Across tenants: which of them have something to seal. Reads the partial index of unsealed rows only.
    private const string SelectTenants = """
        SELECT DISTINCT tenant_id FROM audit_entries WHERE seq IS NULL LIMIT @limit
        """;

    protected override async Task RunOnceAsync(CancellationToken ct)
    {
        foreach (var tenant in await ListTenantsAsync(ct))
            for (var batch = 0; batch < MaxBatches && await SealBatchAsync(tenant, ct); batch++) { }
    }

    private async Task<List<TenantId>> ListTenantsAsync(CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(ct);
        return await tx.ListAsync(SelectTenants, [("limit", MaxTenants)], row => row.Id<TenantId>(0), ct);
    }

    /// <returns>Whether there may be more.</returns>
    internal async Task<bool> SealBatchAsync(TenantId tenant, CancellationToken ct)
    {
        await using var owner = await database.BeginAsync(ct);
        var tx = owner.For(tenant);
        var head = await AuditStore.LockHeadAsync(tx, ct);
        var entries = await AuditStore.ListUnsealedAsync(tx, BatchSize, ct);
        if (entries.Count == 0) return false;
        var end = head;
        foreach (var entry in entries)
        {
            var seq = end.Seq + 1;
            end = new AuditHead(seq, AuditCanonical.Hash(tenant, entry, seq, end.Hash));
            if (!await AuditStore.TryLinkAsync(tx, entry.Id, end, ct)) throw new InvalidOperationException($"Audit entry {entry.Id} was sealed by two.");
        }
        if (!await AuditStore.TryMoveHeadAsync(tx, head, end, ct)) throw new InvalidOperationException($"The audit head of {tenant} moved under its lock.");
        await owner.CommitAsync(ct);
        return entries.Count == BatchSize;
    }
}
