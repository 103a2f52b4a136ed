using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>The only SQL over what retention removed.</summary>
internal static class TrimmedStore
{
    private const string Insert = """
        INSERT INTO audit_trimmed (tenant_id, first_seq, last_seq, hash, checkpoint_id) VALUES (@tenant, @first, @last, @hash, @checkpoint)
        """;
    private const string SelectRuns = """
        SELECT first_seq, last_seq, hash, checkpoint_id FROM audit_trimmed WHERE tenant_id = @tenant AND last_seq > @after ORDER BY last_seq LIMIT @limit
        """;
    private const string DeleteEntry = "DELETE FROM audit_entries WHERE tenant_id = @tenant AND id = @id";
    private const string DeleteAddress = "DELETE FROM trail_addresses WHERE tenant_id = @tenant AND mac = @mac AND entry_id = @entry";

    internal static async ValueTask InsertAsync(TenantTransaction tx, IReadOnlyList<TrimmedRun> runs, CancellationToken ct) =>
        await tx.ExecuteManyAsync(Insert, [.. runs.Select(r => new (string, object?)[] { ("first", r.First), ("last", r.Last), ("hash", r.Hash), ("checkpoint", r.Checkpoint) })], ct);

    internal static ValueTask<List<TrimmedRun>> ListAsync(TenantTransaction tx, long after, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectRuns, [("after", after), ("limit", limit)], row => new TrimmedRun(row.Long(0), row.Long(1), row.Bytes(2), row.Id<AuditId>(3)), ct);

    internal static ValueTask<int> DeleteEntriesAsync(TenantTransaction tx, IEnumerable<AuditId> ids, CancellationToken ct) =>
        tx.ExecuteManyAsync(DeleteEntry, [.. ids.Select(id => new (string, object?)[] { ("id", id) })], ct);

    internal static async ValueTask DeleteAddressesAsync(TenantTransaction tx, IEnumerable<(byte[] Mac, AuditId Entry, string Person)> addresses, CancellationToken ct) =>
        await tx.ExecuteManyAsync(DeleteAddress, [.. addresses.Select(a => new (string, object?)[] { ("mac", a.Mac), ("entry", a.Entry) })], ct);
}
