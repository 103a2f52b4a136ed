using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users.Deleting;

/// <summary>An account that is to be deleted.</summary>
/// <param name="RequestedBy">Who asked; null: she herself.</param>
/// <param name="Disabled">She was disabled for it, and is enabled again when it is called off.</param>
/// <param name="EraseAudit">What the audit tells of her is made unreadable too.</param>
/// <param name="Refused">Why it could not be done when it was due; it is tried again.</param>
public sealed record ScheduledDeletion(UserId User, DateTimeOffset At, DateTimeOffset RequestedAt, Caller? RequestedBy, bool Disabled, bool EraseAudit, string? Refused)
{
    /// <summary>The account is gone already; the audit is still to forget.</summary>
    internal bool Gone { get; init; }
}

/// <summary>As <see cref="Caller"/> is kept until the time comes.</summary>
internal sealed record DeletionCaller(TenantId HomeTenant, string Kind, string Id, IReadOnlyList<string> Scopes)
{
    internal static DeletionCaller Of(Caller caller) => new(caller.HomeTenant, caller.Kind, caller.Id, caller.Scopes);
    internal Caller ToCaller() => new(HomeTenant, Kind, Id) { Scopes = Scopes };
}

/// <summary>The SQL of deletions to come.</summary>
internal static class DeletionStore
{
    private const string Columns = "user_id, due_at, requested_at, requested_by, disabled, erase_audit, refused, gone";

    // One at a time for a person: who would move it calls it off first.
    private const string Insert = """
        INSERT INTO user_deletions (tenant_id, user_id, due_at, try_at, requested_at, requested_by, disabled, erase_audit, gone)
        VALUES (@tenant, @user, @due, @due, @now, @by, @disabled, @erase, @gone)
        ON CONFLICT (tenant_id, user_id) DO NOTHING
        """;
    private const string Select = $"SELECT {Columns} FROM user_deletions WHERE tenant_id = @tenant AND user_id = @user AND NOT gone";
    // Whoever deletes the row has it: of a cancellation and the worker, or of two workers, one.
    private const string Cancel = $"DELETE FROM user_deletions WHERE tenant_id = @tenant AND user_id = @user AND NOT gone RETURNING {Columns}";
    private const string Take = $"DELETE FROM user_deletions WHERE tenant_id = @tenant AND user_id = @user AND try_at <= @now RETURNING {Columns}";
    private const string Forget = "DELETE FROM user_deletions WHERE tenant_id = @tenant AND user_id = @user AND NOT gone";
    private const string Finish = "DELETE FROM user_deletions WHERE tenant_id = @tenant AND user_id = @user AND gone";
    // Whoever moves it on has what is left to do until then.
    private const string Claim = "UPDATE user_deletions SET try_at = @later WHERE tenant_id = @tenant AND user_id = @user AND gone AND try_at <= @now";
    private const string KeepStatus = "UPDATE user_deletions SET disabled = FALSE WHERE tenant_id = @tenant AND user_id = @user AND NOT gone";
    private const string Refuse = "UPDATE user_deletions SET try_at = @later, refused = @reason WHERE tenant_id = @tenant AND user_id = @user AND try_at <= @now";
    private const string Postpone = "UPDATE user_deletions SET try_at = @later WHERE tenant_id = @tenant AND try_at <= @now";
    private const string TenantsDue = "SELECT DISTINCT tenant_id FROM user_deletions WHERE try_at <= @now LIMIT 20";
    private const string Due = "SELECT user_id, gone FROM user_deletions WHERE tenant_id = @tenant AND try_at <= @now ORDER BY try_at LIMIT @limit";

    /// <returns>False when one is scheduled already.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, ScheduledDeletion wanted, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("user", wanted.User), ("due", wanted.At), ("now", wanted.RequestedAt), ("by", wanted.RequestedBy is { } by ? new Json(JsonSerializer.Serialize(DeletionCaller.Of(by), UsersJson.Default.DeletionCaller)) : null),
             ("disabled", wanted.Disabled), ("erase", wanted.EraseAudit), ("gone", wanted.Gone)], ct) == 1;

    internal static ValueTask<ScheduledDeletion?> FindAsync(TenantTransaction tx, UserId user, CancellationToken ct) => tx.FindAsync(Select, [("user", user)], Read, ct);

    internal static ValueTask<ScheduledDeletion?> TryCancelAsync(TenantTransaction tx, UserId user, CancellationToken ct) => tx.FindAsync(Cancel, [("user", user)], Read, ct);

    internal static ValueTask<ScheduledDeletion?> TryTakeAsync(TenantTransaction tx, UserId user, DateTimeOffset now, CancellationToken ct) => tx.FindAsync(Take, [("user", user), ("now", now)], Read, ct);

    internal static async ValueTask ForgetAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Forget, [("user", user)], ct);

    internal static async ValueTask FinishAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Finish, [("user", user)], ct);

    internal static async ValueTask<bool> TryClaimAsync(TenantTransaction tx, UserId user, DateTimeOffset now, DateTimeOffset later, CancellationToken ct) =>
        await tx.ExecuteAsync(Claim, [("later", later), ("user", user), ("now", now)], ct) == 1;

    internal static async ValueTask KeepStatusAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(KeepStatus, [("user", user)], ct);

    internal static async ValueTask<bool> TryRefuseAsync(TenantTransaction tx, UserId user, string reason, DateTimeOffset now, DateTimeOffset later, CancellationToken ct) =>
        await tx.ExecuteAsync(Refuse, [("later", later), ("reason", reason), ("user", user), ("now", now)], ct) == 1;

    internal static async ValueTask PostponeAsync(TenantTransaction tx, DateTimeOffset now, DateTimeOffset later, CancellationToken ct) => await tx.ExecuteAsync(Postpone, [("later", later), ("now", now)], ct);

    internal static ValueTask<List<TenantId>> ListTenantsAsync(SystemTransaction tx, DateTimeOffset now, CancellationToken ct) => tx.ListAsync(TenantsDue, [("now", now)], row => row.Id<TenantId>(0), ct);

    internal static ValueTask<List<(UserId User, bool Gone)>> ListDueAsync(TenantTransaction tx, DateTimeOffset now, int limit, CancellationToken ct) =>
        tx.ListAsync(Due, [("now", now), ("limit", limit)], row => (row.Id<UserId>(0), row.Bool(1)), ct);

    private static ScheduledDeletion Read(SqlRow row) => new(row.Id<UserId>(0), row.Time(1), row.Time(2),
        row.TextOrNull(3) is { } by ? JsonSerializer.Deserialize(by, UsersJson.Default.DeletionCaller)!.ToCaller() : null, row.Bool(4), row.Bool(5), row.TextOrNull(6)) { Gone = row.Bool(7) };
}
