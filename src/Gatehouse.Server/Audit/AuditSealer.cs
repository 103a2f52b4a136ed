using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Audit;

/// <summary>
/// Moves what was appended into each tenant's hash chain, behind the transactions that appended it
/// (docs/decisions/0004-audit-chain-sealed-behind.md): seals what tells of persons, links, counts. Any number of processes may run it: the
/// head's row is the lock.
/// </summary>
internal sealed class AuditSealer(ISystemDatabase database, PersonKeys persons, TimeProvider clock, ILogger<AuditSealer> log)
    : RepeatingJob(TimeSpan.FromMilliseconds(500), clock, log)
{
    private const int MaxTenants = 200, BatchSize = 500, MaxBatches = 40;

    // Across tenants: which of them have something to seal.
    private const string SelectTenants = "SELECT DISTINCT tenant_id FROM audit_inbox LIMIT @limit";
    // The same of a process of the version before. Reads the partial index of entries without a link only.
    private const string SelectTenantsBefore = "SELECT DISTINCT tenant_id FROM audit_entries WHERE seq IS NULL LIMIT @limit";

    protected override async Task RunOnceAsync(CancellationToken ct)
    {
        var (waiting, before) = await ListTenantsAsync(ct);
        foreach (var tenant in waiting.Union(before))
            for (var batch = 0; batch < MaxBatches && await SealBatchAsync(tenant, before.Contains(tenant), ct); batch++) { }
    }

    private async Task<(List<TenantId> Waiting, List<TenantId> Before)> ListTenantsAsync(CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(ct);
        var waiting = await tx.ListAsync(SelectTenants, [("limit", MaxTenants)], row => row.Id<TenantId>(0), ct);
        return (waiting, await tx.ListAsync(SelectTenantsBefore, [("limit", MaxTenants)], row => row.Id<TenantId>(0), ct));
    }

    /// <summary>Everything that was committed before the call, however much.</summary>
    internal async Task SealAllAsync(TenantId tenant, CancellationToken ct)
    {
        while (await SealBatchAsync(tenant, before: true, ct)) { }
    }

    /// <inheritdoc cref="SealBatchAsync(TenantId, bool, CancellationToken)"/>
    internal Task<bool> SealBatchAsync(TenantId tenant, CancellationToken ct) => SealBatchAsync(tenant, before: true, ct);

    /// <param name="before">Whether to look for entries of a process of the version before.</param>
    /// <returns>Whether there may be more.</returns>
    private async Task<bool> SealBatchAsync(TenantId tenant, bool before, CancellationToken ct)
    {
        await using var owner = await database.BeginAsync(ct);
        var tx = owner.For(tenant);
        var head = await AuditStore.LockHeadAsync(tx, ct);
        var unlinked = before ? await AuditStore.ListUnlinkedAsync(tx, BatchSize, ct) : [];
        var waiting = await AuditInbox.ListOldestAsync(tx, BatchSize, ct);
        if (unlinked.Count + waiting.Count == 0) return false;
        var end = head;
        foreach (var entry in unlinked)
        {
            end = Next(tenant, entry, end);
            if (!await AuditStore.TryLinkAsync(tx, entry, end, ct)) throw new InvalidOperationException($"Audit entry {entry.Id} was sealed by two.");
        }
        end = await AppendAsync(tx, waiting, end, ct);
        await AuditInbox.DeleteAsync(tx, waiting, ct);
        await AuditStore.CountAsync(tx, unlinked, ct);
        if (!await AuditStore.TryMoveHeadAsync(tx, head, end, ct)) throw new InvalidOperationException($"The audit head of {tenant} moved under its lock.");
        await owner.CommitAsync(ct);
        return unlinked.Count == BatchSize || waiting.Count == BatchSize;
    }

    /// <summary>Puts one entry at the end of the chain at once, past the inbox: for what must stand there as soon as it is true. The caller's transaction.</summary>
    internal async Task<AuditHead> AppendNowAsync(TenantTransaction tx, AuditRow row, CancellationToken ct)
    {
        var head = await AuditStore.LockHeadAsync(tx, ct);
        var end = await AppendAsync(tx, [row], head, ct);
        if (!await AuditStore.TryMoveHeadAsync(tx, head, end, ct)) throw new InvalidOperationException($"The audit head of {tx.Tenant} moved under its lock.");
        return end;
    }

    private async Task<AuditHead> AppendAsync(TenantTransaction tx, List<AuditRow> rows, AuditHead end, CancellationToken ct)
    {
        var linked = new List<AuditRow>(rows.Count);
        var shut = await persons.SealAsync(tx, rows, ct);
        foreach (var entry in shut)
        {
            end = Next(tx.Tenant, entry, end);
            linked.Add(entry with { Seq = end.Seq, Hash = end.Hash });
        }
        await AuditStore.InsertAsync(tx, linked, ct);
        await AuditStore.InsertAddressesAsync(tx, await persons.AddressesAsync(tx, shut, ct), ct);
        await AuditStore.CountAsync(tx, linked, ct);
        return end;
    }

    private static AuditHead Next(TenantId tenant, AuditRow entry, AuditHead end) => new(end.Seq + 1, AuditCanonical.Hash(tenant, entry, end.Seq + 1, end.Hash));
}
