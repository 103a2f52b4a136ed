using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>Where a chain stops being what was written.</summary>
/// <param name="Seq">The first place that is wrong.</param>
/// <param name="Reason">One plain sentence.</param>
public sealed record AuditBreak(long Seq, string Reason);

/// <summary>What a walk along one tenant's chain found.</summary>
/// <param name="Entries">How many links were checked and hold.</param>
/// <param name="HeadHash">Hexadecimal; compare it with one kept elsewhere.</param>
/// <param name="Unsealed">Entries still waiting for their link; normally none older than a second.</param>
/// <param name="Break">Null: the chain is whole.</param>
public sealed record AuditVerification(TenantId Tenant, long Entries, long HeadSeq, string HeadHash, long Unsealed, AuditBreak? Break);

/// <summary>
/// Walks a tenant's chain and says whether an entry was edited, inserted, removed, moved, or cut off at the end. Reads only, a page at a
/// time, beside a running server.
/// </summary>
public sealed class AuditVerifier(IDatabase database)
{
    private const int PageSize = 500;

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
        var (checkedEntries, fault) = await WalkAsync(tenant, head, ct);
        if (fault is null && last > head.Seq) fault = new(head.Seq + 1, "An entry stands behind the end of the chain: it was inserted, or the head was set back.");
        return new(tenant, checkedEntries, head.Seq, Convert.ToHexStringLower(head.Hash), unsealed, fault);
    }

    private async Task<(long Entries, AuditBreak? Break)> WalkAsync(TenantId tenant, AuditHead head, CancellationToken ct)
    {
        var at = AuditHead.Empty;
        while (at.Seq < head.Seq)
        {
            List<AuditRow> page;
            await using (var tx = await database.ReadAsync(tenant, ct)) page = await AuditStore.ListChainAsync(tx, at.Seq, PageSize, ct);
            if (page.Count == 0) return (at.Seq, new(at.Seq + 1, $"The last {head.Seq - at.Seq} entries are gone: the chain ends before its head."));
            foreach (var entry in page)
            {
                if (at.Seq == head.Seq) break;      // sealed since the walk began
                var seq = at.Seq + 1;
                if (entry.Seq != seq) return (at.Seq, new(seq, "An entry is gone: its place in the chain is empty."));
                if (!Fits(tenant, entry, at)) return (at.Seq, new(seq, $"Entry {entry.Id} is not what was sealed here: it was changed, moved or exchanged."));
                at = new(seq, entry.Hash!);
            }
        }
        return at.Hash.AsSpan().SequenceEqual(head.Hash)
            ? (at.Seq, null)
            : (at.Seq, new(at.Seq, "The head's hash is not the last entry's."));
    }

    private static bool Fits(TenantId tenant, AuditRow entry, AuditHead before)
    {
        try
        {
            return entry.Hash is not null && AuditCanonical.Hash(tenant, entry, before.Seq + 1, before.Hash).AsSpan().SequenceEqual(entry.Hash);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;       // details that are no longer a JSON object
        }
    }
}
