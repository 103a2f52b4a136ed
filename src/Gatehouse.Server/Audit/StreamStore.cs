using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>The only SQL over streams.</summary>
internal static class StreamStore
{
    private const string Columns =
        "id, kind, content, address, tls, ca, sealed_token, personal, enabled, cursor_seq, failures, next_attempt_at, last_error, last_delivered_at, created_at";
    private const string Insert = """
        INSERT INTO trail_streams (tenant_id, id, kind, content, address, tls, ca, sealed_token, personal, enabled, cursor_seq, failures, next_attempt_at, created_at)
        VALUES (@tenant, @id, @kind, @content, @address, @tls, @ca, @token, @personal, @enabled, @cursor, 0, @now, @now)
        """;
    private const string SelectAll = $"SELECT {Columns} FROM trail_streams WHERE tenant_id = @tenant ORDER BY id LIMIT 100";
    private const string SelectOne = $"SELECT {Columns} FROM trail_streams WHERE tenant_id = @tenant AND id = @id";
    private const string Delete = "DELETE FROM trail_streams WHERE tenant_id = @tenant AND id = @id";
    // Resuming begins anew: what failed before is forgotten.
    private const string SetEnabled = """
        UPDATE trail_streams SET enabled = @enabled, failures = 0, next_attempt_at = @now, last_error = NULL WHERE tenant_id = @tenant AND id = @id
        """;
    // One process at a time; whoever died while sending loses its claim.
    private const string Claim = """
        UPDATE trail_streams SET lease = @lease, lease_until = @until
        WHERE tenant_id = @tenant AND id = @id AND enabled AND next_attempt_at <= @now AND (lease_until IS NULL OR lease_until < @now)
        """;
    // Only who still has the claim, and from where it began.
    private const string Advance = """
        UPDATE trail_streams SET cursor_seq = @cursor, failures = 0, last_error = NULL, last_delivered_at = @now, next_attempt_at = @now, lease = NULL, lease_until = NULL
        WHERE tenant_id = @tenant AND id = @id AND lease = @lease AND cursor_seq = @was
        """;
    private const string Fail = """
        UPDATE trail_streams SET failures = failures + 1, last_error = @error, next_attempt_at = @next, lease = NULL, lease_until = NULL
        WHERE tenant_id = @tenant AND id = @id AND lease = @lease
        """;

    internal static async ValueTask InsertAsync(TenantTransaction tx, AuditStream stream, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("id", stream.Id), ("kind", stream.Kind), ("content", stream.Content), ("address", stream.Address), ("tls", stream.Tls), ("ca", stream.Ca),
            ("token", stream.SealedToken), ("personal", stream.Personal), ("enabled", stream.Enabled), ("cursor", stream.Cursor), ("now", stream.CreatedAt)], ct);

    internal static ValueTask<List<AuditStream>> ListAsync(TenantTransaction tx, CancellationToken ct) => tx.ListAsync(SelectAll, [], Read, ct);

    internal static ValueTask<AuditStream?> FindAsync(TenantTransaction tx, Guid id, CancellationToken ct) => tx.FindAsync(SelectOne, [("id", id)], Read, ct);

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, Guid id, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("id", id)], ct) == 1;

    internal static async ValueTask<bool> SetEnabledAsync(TenantTransaction tx, Guid id, bool enabled, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(SetEnabled, [("enabled", enabled), ("now", now), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> TryClaimAsync(TenantTransaction tx, Guid id, Guid lease, DateTimeOffset now, DateTimeOffset until, CancellationToken ct) =>
        await tx.ExecuteAsync(Claim, [("lease", lease), ("until", until), ("id", id), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> TryAdvanceAsync(TenantTransaction tx, Guid id, Guid lease, long was, long cursor, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Advance, [("cursor", cursor), ("now", now), ("id", id), ("lease", lease), ("was", was)], ct) == 1;

    internal static async ValueTask FailAsync(TenantTransaction tx, Guid id, Guid lease, string error, DateTimeOffset next, CancellationToken ct) =>
        await tx.ExecuteAsync(Fail, [("error", error), ("next", next), ("id", id), ("lease", lease)], ct);

    private static AuditStream Read(SqlRow row) => new(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Bool(4), row.TextOrNull(5), row.BytesOrNull(6), row.Bool(7), row.Bool(8),
        row.Long(9), row.Long(10), row.Time(11), row.TextOrNull(12), row.TimeOrNull(13), row.Time(14));
}
