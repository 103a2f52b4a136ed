using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>A head as it was signed.</summary>
internal sealed record SignedHead(long Seq, byte[] Hash, KeyId KeyId, DateTimeOffset SignedAt, string Jws);

/// <summary>The key that signs heads; its private half as long as it signs.</summary>
internal sealed record AuditKeyRow(KeyId Id, string PublicJwk, byte[]? SealedPrivate, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt);

/// <summary>The only SQL over signed heads and the keys that sign them.</summary>
internal static class SignedHeadStore
{
    private const string HeadColumns = "seq, hash, key_id, signed_at, jws";
    private const string KeyColumns = "id, public_jwk, sealed_private, created_at, retired_at";

    // Of two who sign one head, one is kept.
    private const string Insert = """
        INSERT INTO audit_signed_heads (tenant_id, seq, hash, key_id, signed_at, jws) VALUES (@tenant, @seq, @hash, @key, @at, @jws) ON CONFLICT DO NOTHING
        """;
    private const string SelectAt = $"SELECT {HeadColumns} FROM audit_signed_heads WHERE tenant_id = @tenant AND seq = @seq";
    private const string SelectPage = $"SELECT {HeadColumns} FROM audit_signed_heads WHERE tenant_id = @tenant AND seq < @before ORDER BY seq DESC LIMIT @limit";
    private const string SelectAfter = $"SELECT {HeadColumns} FROM audit_signed_heads WHERE tenant_id = @tenant AND seq > @after ORDER BY seq LIMIT @limit";
    private const string SelectUnfiled = $"SELECT {HeadColumns} FROM audit_signed_heads WHERE tenant_id = @tenant AND filed_at IS NULL ORDER BY seq LIMIT @limit";
    private const string SetFiled = "UPDATE audit_signed_heads SET filed_at = @now WHERE tenant_id = @tenant AND seq = @seq AND filed_at IS NULL";

    // The unique index allows one key that signs; whoever comes second inserts nothing.
    private const string InsertKey = """
        INSERT INTO audit_signing_keys (tenant_id, id, public_jwk, sealed_private, created_at) VALUES (@tenant, @id, @public, @private, @now) ON CONFLICT DO NOTHING
        """;
    private const string SelectActiveKey = $"SELECT {KeyColumns} FROM audit_signing_keys WHERE tenant_id = @tenant AND retired_at IS NULL";
    private const string SelectKeys = $"SELECT {KeyColumns} FROM audit_signing_keys WHERE tenant_id = @tenant ORDER BY id DESC LIMIT 1000";
    private const string RetireKey = """
        UPDATE audit_signing_keys SET retired_at = @now, sealed_private = NULL WHERE tenant_id = @tenant AND retired_at IS NULL
        """;

    internal static async ValueTask InsertAsync(TenantTransaction tx, SignedHead head, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("seq", head.Seq), ("hash", head.Hash), ("key", head.KeyId), ("at", head.SignedAt), ("jws", head.Jws)], ct);

    internal static ValueTask<SignedHead?> FindAsync(TenantTransaction tx, long seq, CancellationToken ct) => tx.FindAsync(SelectAt, [("seq", seq)], Read, ct);

    internal static ValueTask<List<SignedHead>> ListAsync(TenantTransaction tx, long before, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectPage, [("before", before), ("limit", limit)], Read, ct);

    internal static ValueTask<List<SignedHead>> ListAfterAsync(TenantTransaction tx, long after, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectAfter, [("after", after), ("limit", limit)], Read, ct);

    internal static ValueTask<List<SignedHead>> ListUnfiledAsync(TenantTransaction tx, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectUnfiled, [("limit", limit)], Read, ct);

    internal static async ValueTask SetFiledAsync(TenantTransaction tx, IEnumerable<SignedHead> heads, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteManyAsync(SetFiled, [.. heads.Select(h => new (string, object?)[] { ("now", now), ("seq", h.Seq) })], ct);

    internal static async ValueTask<bool> TryInsertKeyAsync(TenantTransaction tx, AuditKeyRow key, CancellationToken ct) =>
        await tx.ExecuteAsync(InsertKey, [("id", key.Id), ("public", key.PublicJwk), ("private", key.SealedPrivate), ("now", key.CreatedAt)], ct) == 1;

    internal static ValueTask<AuditKeyRow?> FindActiveKeyAsync(TenantTransaction tx, CancellationToken ct) => tx.FindAsync(SelectActiveKey, [], ReadKey, ct);

    internal static ValueTask<List<AuditKeyRow>> ListKeysAsync(TenantTransaction tx, CancellationToken ct) => tx.ListAsync(SelectKeys, [], ReadKey, ct);

    internal static async ValueTask<bool> RetireKeyAsync(TenantTransaction tx, DateTimeOffset now, CancellationToken ct) => await tx.ExecuteAsync(RetireKey, [("now", now)], ct) == 1;

    private static SignedHead Read(SqlRow row) => new(row.Long(0), row.Bytes(1), row.Id<KeyId>(2), row.Time(3), row.Text(4));

    private static AuditKeyRow ReadKey(SqlRow row) => new(row.Id<KeyId>(0), row.Text(1), row.BytesOrNull(2), row.Time(3), row.TimeOrNull(4));
}
