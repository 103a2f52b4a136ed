using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>Names an address that waits for its proof.</summary>
[JsonConverter(typeof(TypedIdConverter<PendingEmailId>))]
public readonly record struct PendingEmailId(Guid Value) : ITypedId<PendingEmailId>
{
    public static string Prefix => "pem";
    public static PendingEmailId From(Guid value) => new(value);
    public static PendingEmailId New(TimeProvider clock) => TypedId.New<PendingEmailId>(clock);
    public static bool TryParse(string? text, out PendingEmailId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>An address that waits for the code or the link that was sent to it.</summary>
public sealed record PendingEmail(PendingEmailId Id, string Address, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>The SQL of <c>pending_emails</c>. Every statement names the person: another's is as absent as one that ran out.</summary>
internal static class PendingEmailStore
{
    /// <summary>Wrong codes that one mail survives.</summary>
    internal const int MaxAttempts = 5;

    /// <summary>Addresses that one person may have under way; a newer one takes the oldest one's place.</summary>
    internal const int MaxPerUser = 5;

    private const string Columns = "id, address, created_at, expires_at";

    private const string DeleteSame = "DELETE FROM pending_emails WHERE tenant_id = @tenant AND user_id = @user AND normalized = @normalized";
    private const string DeleteOldest = """
        DELETE FROM pending_emails WHERE tenant_id = @tenant AND user_id = @user AND id NOT IN
          (SELECT id FROM pending_emails WHERE tenant_id = @tenant AND user_id = @user ORDER BY id DESC LIMIT @kept)
        """;
    private const string Insert = """
        INSERT INTO pending_emails (tenant_id, id, user_id, address, normalized, code_mac, token_hash, attempts, created_at, expires_at)
        VALUES (@tenant, @id, @user, @address, @normalized, @code, @token, 0, @now, @expires)
        ON CONFLICT (tenant_id, user_id, normalized) DO NOTHING
        """;
    private const string List = $"SELECT {Columns} FROM pending_emails WHERE tenant_id = @tenant AND user_id = @user AND expires_at > @now ORDER BY id LIMIT 20";

    // Counted before it is looked at: of any number of guesses in flight, no more than the limit see the code.
    private const string Attempt = """
        UPDATE pending_emails SET attempts = attempts + 1
        WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND attempts < @most AND expires_at > @now
        RETURNING code_mac
        """;

    // Whoever deletes it has it; all others find no row.
    private const string TakeById = $"DELETE FROM pending_emails WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND expires_at > @now RETURNING {Columns}";
    private const string TakeByToken = $"DELETE FROM pending_emails WHERE tenant_id = @tenant AND token_hash = @token AND user_id = @user AND expires_at > @now RETURNING {Columns}";
    private const string SelectByToken = $"SELECT {Columns} FROM pending_emails WHERE tenant_id = @tenant AND token_hash = @token AND user_id = @user AND expires_at > @now";
    private const string Delete = "DELETE FROM pending_emails WHERE tenant_id = @tenant AND id = @id AND user_id = @user";
    private const string DeleteOfUser = "DELETE FROM pending_emails WHERE tenant_id = @tenant AND user_id = @user";

    private const string ExpiredOf = "SELECT DISTINCT tenant_id FROM pending_emails WHERE expires_at < @cutoff LIMIT 1000";
    private const string Expired = """
        DELETE FROM pending_emails WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM pending_emails WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    internal static ExpiredRows Pruning { get; } = new("pending_emails", ExpiredOf, Expired, TimeSpan.Zero);

    /// <summary>In place of one for the same address. False when another request just did the same.</summary>
    internal static async ValueTask<bool> PutAsync(TenantTransaction tx, UserId user, PendingEmail pending, string normalized, byte[] code, byte[] token, CancellationToken ct)
    {
        await tx.ExecuteAsync(DeleteSame, [("user", user), ("normalized", normalized)], ct);
        await tx.ExecuteAsync(DeleteOldest, [("user", user), ("kept", MaxPerUser - 1)], ct);
        return await tx.ExecuteAsync(Insert,
            [("id", pending.Id), ("user", user), ("address", pending.Address), ("normalized", normalized), ("code", code), ("token", token), ("now", pending.CreatedAt), ("expires", pending.ExpiresAt)], ct) == 1;
    }

    internal static async ValueTask<IReadOnlyList<PendingEmail>> ListAsync(TenantTransaction tx, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ListAsync(List, [("user", user), ("now", now)], Read, ct);

    /// <returns>What the right code gives; null when there were too many attempts, or there is none.</returns>
    internal static ValueTask<byte[]?> AttemptAsync(TenantTransaction tx, PendingEmailId id, UserId user, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(Attempt, [("id", id), ("user", user), ("most", MaxAttempts), ("now", now)], row => row.Bytes(0), ct);

    internal static ValueTask<PendingEmail?> TakeAsync(TenantTransaction tx, PendingEmailId id, UserId user, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(TakeById, [("id", id), ("user", user), ("now", now)], Read, ct);

    internal static ValueTask<PendingEmail?> TakeAsync(TenantTransaction tx, byte[] token, UserId user, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(TakeByToken, [("token", token), ("user", user), ("now", now)], Read, ct);

    internal static ValueTask<PendingEmail?> FindAsync(TenantTransaction tx, byte[] token, UserId user, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(SelectByToken, [("token", token), ("user", user), ("now", now)], Read, ct);

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, PendingEmailId id, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("id", id), ("user", user)], ct) == 1;

    internal static async ValueTask DeleteOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOfUser, [("user", user)], ct);

    private static PendingEmail Read(SqlRow row) => new(row.Id<PendingEmailId>(0), row.Text(1), row.Time(2), row.Time(3));
}

/// <summary>A deleted user wants no address any more.</summary>
internal sealed class ForgetPendingEmails : IEventSubscriber<UserDeleted>
{
    public ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct) => PendingEmailStore.DeleteOfUserAsync(tx, occurrence.UserId, ct);
}
