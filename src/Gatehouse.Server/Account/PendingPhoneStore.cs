using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>Names a telephone number that waits for its proof.</summary>
[JsonConverter(typeof(TypedIdConverter<PendingPhoneId>))]
public readonly record struct PendingPhoneId(Guid Value) : ITypedId<PendingPhoneId>
{
    public static string Prefix => "pph";
    public static PendingPhoneId From(Guid value) => new(value);
    public static PendingPhoneId New(TimeProvider clock) => TypedId.New<PendingPhoneId>(clock);
    public static bool TryParse(string? text, out PendingPhoneId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A number that waits for the code that was sent to it.</summary>
public sealed record PendingPhone(PendingPhoneId Id, string Number, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>
/// The SQL of <c>pending_phones</c>: what was asked for, so that the page still knows it when she comes back from her messages. The code itself is
/// Credentials'. Every statement names the person and her session: a code is typed where it was asked for.
/// </summary>
internal static class PendingPhoneStore
{
    /// <summary>Numbers that one session may have under way; a newer one takes the oldest one's place.</summary>
    internal const int MaxPerSession = 3;

    private const string Columns = "id, number, created_at, expires_at";

    private const string DeleteSame = "DELETE FROM pending_phones WHERE tenant_id = @tenant AND user_id = @user AND session_id = @session AND number = @number";
    private const string DeleteOldest = """
        DELETE FROM pending_phones WHERE tenant_id = @tenant AND user_id = @user AND session_id = @session AND id NOT IN
          (SELECT id FROM pending_phones WHERE tenant_id = @tenant AND user_id = @user AND session_id = @session ORDER BY id DESC LIMIT @kept)
        """;
    private const string Insert = """
        INSERT INTO pending_phones (tenant_id, id, user_id, session_id, number, created_at, expires_at)
        VALUES (@tenant, @id, @user, @session, @number, @now, @expires)
        ON CONFLICT (tenant_id, user_id, session_id, number) DO NOTHING
        """;
    private const string List = $"""
        SELECT {Columns} FROM pending_phones WHERE tenant_id = @tenant AND user_id = @user AND session_id = @session AND expires_at > @now ORDER BY id LIMIT 20
        """;
    private const string SelectOne = $"""
        SELECT {Columns} FROM pending_phones WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND session_id = @session AND expires_at > @now
        """;
    private const string Delete = "DELETE FROM pending_phones WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND session_id = @session";
    private const string DeleteOfUser = "DELETE FROM pending_phones WHERE tenant_id = @tenant AND user_id = @user";

    private const string ExpiredOf = "SELECT DISTINCT tenant_id FROM pending_phones WHERE expires_at < @cutoff LIMIT 1000";
    private const string Expired = """
        DELETE FROM pending_phones WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM pending_phones WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    internal static ExpiredRows Pruning { get; } = new("pending_phones", ExpiredOf, Expired, TimeSpan.Zero);

    /// <summary>In place of one for the same number. False when another request just did the same.</summary>
    internal static async ValueTask<bool> PutAsync(TenantTransaction tx, UserId user, SessionId session, PendingPhone pending, CancellationToken ct)
    {
        await tx.ExecuteAsync(DeleteSame, [("user", user), ("session", session), ("number", pending.Number)], ct);
        await tx.ExecuteAsync(DeleteOldest, [("user", user), ("session", session), ("kept", MaxPerSession - 1)], ct);
        return await tx.ExecuteAsync(Insert,
            [("id", pending.Id), ("user", user), ("session", session), ("number", pending.Number), ("now", pending.CreatedAt), ("expires", pending.ExpiresAt)], ct) == 1;
    }

    internal static async ValueTask<IReadOnlyList<PendingPhone>> ListAsync(TenantTransaction tx, UserId user, SessionId session, DateTimeOffset now, CancellationToken ct) =>
        await tx.ListAsync(List, [("user", user), ("session", session), ("now", now)], Read, ct);

    internal static ValueTask<PendingPhone?> FindAsync(TenantTransaction tx, PendingPhoneId id, UserId user, SessionId session, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(SelectOne, [("id", id), ("user", user), ("session", session), ("now", now)], Read, ct);

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, PendingPhoneId id, UserId user, SessionId session, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("id", id), ("user", user), ("session", session)], ct) == 1;

    internal static async ValueTask DeleteOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOfUser, [("user", user)], ct);

    private static PendingPhone Read(SqlRow row) => new(row.Id<PendingPhoneId>(0), row.Text(1), row.Time(2), row.Time(3));
}

/// <summary>A deleted user wants no number any more.</summary>
internal sealed class ForgetPendingPhones : IEventSubscriber<UserDeleted>
{
    public ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct) => PendingPhoneStore.DeleteOfUserAsync(tx, occurrence.UserId, ct);
}
