using Gatehouse.Storage;

namespace Gatehouse.Flows.Hooks;

/// <summary>The SQL of the keys that sign.</summary>
internal static class FlowKeyStore
{
    // Conditional on how many there are: a bound on what each request costs, not an exact count of those made at one moment.
    private const string Insert = """
        INSERT INTO flow_keys (tenant_id, id, secret, created_at, created_by)
        SELECT @tenant, @id, @secret, @now, @by WHERE (SELECT COUNT(*) FROM flow_keys WHERE tenant_id = @tenant) < @most
        """;

    private const string List = "SELECT id, secret, created_at, created_by FROM flow_keys WHERE tenant_id = @tenant ORDER BY id LIMIT 10";
    private const string Delete = "DELETE FROM flow_keys WHERE tenant_id = @tenant AND id = @id";

    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, FlowKey key, int most, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("id", key.Id), ("secret", key.Sealed), ("now", key.CreatedAt), ("by", key.CreatedBy), ("most", most)], ct) == 1;

    /// <summary>All of them, the oldest first.</summary>
    internal static ValueTask<List<FlowKey>> ListAsync(TenantTransaction tx, CancellationToken ct) =>
        tx.ListAsync(List, [], row => new FlowKey(row.Id<FlowKeyId>(0), row.Bytes(1), row.Time(2), row.Text(3)), ct);

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, FlowKeyId id, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("id", id)], ct) == 1;
}
