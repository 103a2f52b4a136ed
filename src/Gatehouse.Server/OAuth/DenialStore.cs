using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>The SQL of access tokens that were ended before their time.</summary>
internal static class DenialStore
{
    private const string Insert = """
        INSERT INTO denied_tokens (tenant_id, id, expires_at) VALUES (@tenant, @id, @expires) ON CONFLICT (tenant_id, id) DO NOTHING
        """;

    // By key, in pages: a flood of revocations must not become one giant result.
    private const string SelectLive = """
        SELECT id, expires_at FROM denied_tokens WHERE tenant_id = @tenant AND id > @after AND expires_at > @now ORDER BY id LIMIT @limit
        """;

    internal static async ValueTask InsertAsync(TenantTransaction tx, string id, DateTimeOffset expires, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("id", id), ("expires", expires)], ct);

    internal static ValueTask<List<(string Id, DateTimeOffset Expires)>> ListLiveAsync(TenantTransaction tx, string after, DateTimeOffset now, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectLive, [("after", after), ("now", now), ("limit", limit)], static row => (row.Text(0), row.Time(1)), ct);
}
