using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>What a walk along one tenant's chain found.</summary>
/// <param name="Entries">How many links were checked and hold.</param>
/// <param name="HeadHash">Hexadecimal; compare it with one kept elsewhere.</param>
/// <param name="Unsealed">Entries still waiting for their link; normally none older than a second.</param>
/// <param name="Break">Null: the chain is whole.</param>
public sealed record AuditVerification(TenantId Tenant, long Entries, long HeadSeq, string HeadHash, long Unsealed, AuditBreak? Break)
{
    /// <summary>How many were removed by retention, as checkpoints of the chain account for.</summary>
    public long Trimmed { get; init; }
}

/// <summary>
/// Walks a tenant's chain and says whether an entry was edited, inserted, removed, moved, or cut off at the end. Reads only, a page at a
/// time, beside a running server.
/// </summary>
public sealed class AuditVerifier(IDatabase database)
{
    public async Task<AuditVerification> VerifyAsync(TenantId tenant, CancellationToken ct)
    {
        // The entries' end is read first and the head after it: a head that moves in between is ahead, never behind.
        AuditHead head;
        long last, unsealed;
        await using (var tx = await database.ReadAsync(tenant, ct))
        {
            (last, unsealed) = await AuditStore.ReadEndsAsync(tx, ct);
            head = await AuditStore.FindHeadAsync(tx, ct);
        }
        using var walk = new ChainWalk(tenant, AuditHead.Empty);
        var fault = await WalkAsync(walk, tenant, head, ct);
        if (fault is null && last > head.Seq) fault = new(head.Seq + 1, "An entry stands behind the end of the chain: it was inserted, or the head was set back.");
        return new(tenant, walk.Entries, head.Seq, Convert.ToHexStringLower(head.Hash), unsealed, fault) { Trimmed = walk.Trimmed };
    }

    private async Task<AuditBreak?> WalkAsync(ChainWalk walk, TenantId tenant, AuditHead head, CancellationToken ct)
    {
        await foreach (var (entry, run) in ChainReader.ReadAsync(database, tenant, 0, head.Seq, null, ct))
            if ((entry is not null ? walk.Take(entry) : walk.Skip(run!)) is { } fault) return fault;
        if (walk.At.Seq < head.Seq) return new(walk.At.Seq + 1, $"The last {head.Seq - walk.At.Seq} entries are gone: the chain ends before its head.");
        if (!walk.At.Hash.AsSpan().SequenceEqual(head.Hash)) return new(walk.At.Seq, "The head's hash is not the last entry's.");
        // What was trimmed while this walked is accounted for behind the head that it walked to.
        return walk.Finish() is { } gap && !await IsAccountedForAsync(walk, tenant, head, ct) ? gap : null;
    }

    private async Task<bool> IsAccountedForAsync(ChainWalk walk, TenantId tenant, AuditHead walked, CancellationToken ct)
    {
        AuditHead now;
        await using (var tx = await database.ReadAsync(tenant, ct)) now = await AuditStore.FindHeadAsync(tx, ct);
        await foreach (var (entry, run) in ChainReader.ReadAsync(database, tenant, walked.Seq, now.Seq, null, ct))
            if ((entry is not null ? walk.Take(entry) : walk.Skip(run!)) is not null) return false;
        return walk.Finish() is null;
    }
}
