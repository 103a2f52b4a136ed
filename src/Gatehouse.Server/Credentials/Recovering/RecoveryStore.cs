using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials.Recovering;

/// <summary>The SQL of recoveries. Each change is conditional on the row still waiting: of any number at once, one changes it.</summary>
internal static class RecoveryStore
{
    private const string Columns = "id, user_id, email_id, proof, needs_approval, approved_by, approved_at, started_at, ready_at, expires_at, notices";

    // What has run out makes room for another.
    private const string EndExpired = """
        UPDATE recoveries SET state = 'void', reason = 'expired', ended_at = @now, next_notice_at = NULL
        WHERE tenant_id = @tenant AND user_id = @user AND state = 'waiting' AND expires_at <= @now
        """;

    // One for each user is the index's decision.
    private const string Insert = """
        INSERT INTO recoveries (tenant_id, id, user_id, email_id, state, proof, needs_approval, started_at, ready_at, expires_at, notices, next_notice_at)
        VALUES (@tenant, @id, @user, @email, 'waiting', @proof, @needs_approval, @now, @ready, @expires, 0, @next)
        ON CONFLICT DO NOTHING
        """;

    private const string SelectOfUser = $"""
        SELECT {Columns} FROM recoveries WHERE tenant_id = @tenant AND user_id = @user AND state = 'waiting' AND expires_at > @now
        """;

    private const string SelectOne = $"SELECT {Columns} FROM recoveries WHERE tenant_id = @tenant AND id = @id AND state = 'waiting' AND expires_at > @now";

    private const string SelectPage = $"""
        SELECT {Columns} FROM recoveries WHERE tenant_id = @tenant AND state = 'waiting' AND expires_at > @now AND id < @before ORDER BY id DESC LIMIT @limit
        """;

    private const string SelectPageOldestFirst = $"""
        SELECT {Columns} FROM recoveries WHERE tenant_id = @tenant AND state = 'waiting' AND expires_at > @now AND id > @after ORDER BY id LIMIT @limit
        """;

    private const string Complete = """
        UPDATE recoveries SET state = 'completed', ended_at = @now, next_notice_at = NULL
        WHERE tenant_id = @tenant AND id = @id AND state = 'waiting' AND ready_at <= @now AND expires_at > @now AND NOT needs_approval
        """;

    private const string End = """
        UPDATE recoveries SET state = @state, reason = @reason, ended_at = @now, next_notice_at = NULL
        WHERE tenant_id = @tenant AND user_id = @user AND state = 'waiting' AND expires_at > @now RETURNING id
        """;

    // A late approval gives as much time for completing as a timely one.
    private const string Approve = """
        UPDATE recoveries SET needs_approval = FALSE, approved_by = @by, approved_at = @now, expires_at = @expires
        WHERE tenant_id = @tenant AND id = @id AND state = 'waiting' AND needs_approval AND expires_at > @now
        """;

    // Whoever counts it up sends it.
    private const string ClaimNotice = """
        UPDATE recoveries SET notices = notices + 1, next_notice_at = @next
        WHERE tenant_id = @tenant AND id = @id AND state = 'waiting' AND notices = @notices AND next_notice_at <= @now
        """;

    private const string DeleteOfUser = "DELETE FROM recoveries WHERE tenant_id = @tenant AND user_id = @user";

    // Across tenants, for the worker: what is due, oldest first. What waits for an administrator is not ready before she has said yes.
    private const string SelectDue = """
        SELECT tenant_id, id FROM recoveries
        WHERE state = 'waiting' AND next_notice_at <= @now AND expires_at > @now AND (notices < 1 OR NOT needs_approval) ORDER BY next_notice_at LIMIT @limit
        """;

    private const string EndedOf = "SELECT DISTINCT tenant_id FROM recoveries WHERE expires_at < @cutoff LIMIT 1000";
    private const string DeleteEnded = """
        DELETE FROM recoveries WHERE tenant_id = @tenant AND id IN (SELECT id FROM recoveries WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    internal static ExpiredRows Pruning { get; } = new("recoveries", EndedOf, DeleteEnded, TimeSpan.FromDays(30));

    /// <returns>False when one is under way.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Recovery recovery, DateTimeOffset next, CancellationToken ct)
    {
        await tx.ExecuteAsync(EndExpired, [("now", recovery.StartedAt), ("user", recovery.User)], ct);
        return await tx.ExecuteAsync(Insert,
            [("id", recovery.Id), ("user", recovery.User), ("email", recovery.Email), ("proof", Text(recovery.Proof)), ("needs_approval", recovery.NeedsApproval), ("now", recovery.StartedAt),
             ("ready", recovery.ReadyAt), ("expires", recovery.ExpiresAt), ("next", next)], ct) == 1;
    }

    internal static ValueTask<Recovery?> FindAsync(TenantTransaction tx, UserId user, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(SelectOfUser, [("user", user), ("now", now)], Read, ct);

    internal static ValueTask<Recovery?> FindAsync(TenantTransaction tx, RecoveryId id, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(SelectOne, [("id", id), ("now", now)], Read, ct);

    internal static ValueTask<List<Recovery>> ListAsync(TenantTransaction tx, Guid? before, int limit, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(SelectPage, [("now", now), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    internal static ValueTask<List<Recovery>> ListOldestFirstAsync(TenantTransaction tx, Guid? after, int limit, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(SelectPageOldestFirst, [("now", now), ("after", after ?? Guid.Empty), ("limit", limit)], Read, ct);

    internal static async ValueTask<bool> TryCompleteAsync(TenantTransaction tx, RecoveryId id, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Complete, [("now", now), ("id", id)], ct) == 1;

    /// <returns>Which one ended; null when none was under way.</returns>
    internal static ValueTask<RecoveryId?> EndAsync(TenantTransaction tx, UserId user, RecoveryEnd end, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.FindValueAsync(End, [("state", Text(end)), ("reason", reason), ("now", now), ("user", user)], row => row.Id<RecoveryId>(0), ct);

    internal static async ValueTask<bool> TryApproveAsync(TenantTransaction tx, RecoveryId id, string by, DateTimeOffset now, DateTimeOffset expires, CancellationToken ct) =>
        await tx.ExecuteAsync(Approve, [("by", by), ("now", now), ("expires", expires), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> TryClaimNoticeAsync(TenantTransaction tx, RecoveryId id, int notices, DateTimeOffset? next, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(ClaimNotice, [("next", next), ("id", id), ("notices", (long)notices), ("now", now)], ct) == 1;

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(DeleteOfUser, [("user", user)], ct);

    internal static ValueTask<List<(TenantId Tenant, RecoveryId Recovery)>> ListDueAsync(SystemTransaction tx, DateTimeOffset now, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectDue, [("now", now), ("limit", limit)], row => (row.Id<TenantId>(0), row.Id<RecoveryId>(1)), ct);

    private static Recovery Read(SqlRow row) => new(row.Id<RecoveryId>(0), row.Id<UserId>(1), row.Id<EmailId>(2), ProofOf(row.Text(3)), row.Bool(4), row.TextOrNull(5), row.TimeOrNull(6),
        row.Time(7), row.Time(8), row.Time(9), (int)row.Long(10));

    internal static string Text(RecoveryProof proof) => proof switch { RecoveryProof.Password => "password", RecoveryProof.Sms => "sms", _ => "none" };

    internal static RecoveryProof ProofOf(string text) => text switch { "password" => RecoveryProof.Password, "sms" => RecoveryProof.Sms, _ => RecoveryProof.None };

    private static string Text(RecoveryEnd end) => end switch { RecoveryEnd.Completed => "completed", RecoveryEnd.Cancelled => "cancelled", _ => "void" };
}
