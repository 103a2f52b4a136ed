using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>Which code is meant: the key of a row.</summary>
internal readonly record struct CodeKey(string Purpose, Guid Run, byte[] Subject);

/// <summary>A code that was sent, without the code.</summary>
/// <param name="UserId">Null: it was for nobody.</param>
internal sealed record SentCode(UserId? UserId, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, int Sent);

/// <summary>A link that was sent, without its secret.</summary>
internal sealed record SentLink(Guid Run, byte[] Browser, UserId? UserId);

/// <summary>The SQL of one-time codes.</summary>
internal static class OneTimeCodeStore
{
    // The newest takes the place of the one before, with new tries; not sooner than it may and not oftener: of a flood, one statement changes the row.
    private const string Issue = """
        INSERT INTO one_time_codes (tenant_id, purpose, run_id, subject_hash, code_hash, token_hash, browser_hash, user_id, sent, tries, sent_at, expires_at)
        VALUES (@tenant, @purpose, @run, @subject, @code, @token, @browser, @user, 1, 0, @now, @expires)
        ON CONFLICT (tenant_id, purpose, run_id, subject_hash) DO UPDATE SET
          code_hash = @code, token_hash = @token, browser_hash = @browser, user_id = @user, sent = one_time_codes.sent + 1, tries = 0, sent_at = @now, expires_at = @expires
        WHERE one_time_codes.tenant_id = @tenant AND one_time_codes.sent_at <= @cooled AND one_time_codes.sent < @most
        """;

    // As if another had been sent: the code stays.
    private const string Postpone = """
        UPDATE one_time_codes SET sent = sent + 1, sent_at = @now
        WHERE tenant_id = @tenant AND purpose = @purpose AND run_id = @run AND subject_hash = @subject AND expires_at > @now
        """;

    private const string Select = """
        SELECT user_id, sent_at, expires_at, sent FROM one_time_codes
        WHERE tenant_id = @tenant AND purpose = @purpose AND run_id = @run AND subject_hash = @subject AND expires_at > @now
        """;

    // A try is counted before it is looked at: of any number in flight no more than the limit are.
    private const string Count = """
        UPDATE one_time_codes SET tries = tries + 1
        WHERE tenant_id = @tenant AND purpose = @purpose AND run_id = @run AND subject_hash = @subject AND tries < @most AND expires_at > @now
        """;

    // Whoever deletes it has used it.
    private const string Redeem = """
        DELETE FROM one_time_codes
        WHERE tenant_id = @tenant AND purpose = @purpose AND run_id = @run AND subject_hash = @subject AND code_hash = @code AND user_id IS NOT NULL AND expires_at > @now
        RETURNING user_id
        """;

    private const string SelectLink = """
        SELECT run_id, browser_hash, user_id FROM one_time_codes WHERE tenant_id = @tenant AND purpose = @purpose AND token_hash = @token AND expires_at > @now
        """;

    // The browser is part of the condition: in another one the link is as good as none.
    private const string RedeemLink = """
        DELETE FROM one_time_codes
        WHERE tenant_id = @tenant AND purpose = @purpose AND token_hash = @token AND run_id = @run AND browser_hash = @browser AND user_id IS NOT NULL AND expires_at > @now
        RETURNING user_id
        """;

    private const string DeleteOfUser = "DELETE FROM one_time_codes WHERE tenant_id = @tenant AND user_id = @user";

    /// <returns>False when the one before is too young, or there were too many.</returns>
    internal static async ValueTask<bool> TryIssueAsync(TenantTransaction tx, CodeKey key, byte[] code, byte[]? token, byte[]? browser, UserId? user,
        DateTimeOffset now, DateTimeOffset expires, DateTimeOffset cooled, int most, CancellationToken ct) =>
        await tx.ExecuteAsync(Issue,
            [("purpose", key.Purpose), ("run", key.Run), ("subject", key.Subject), ("code", code), ("token", token), ("browser", browser), ("user", user), ("now", now),
             ("expires", expires), ("cooled", cooled), ("most", most)], ct) == 1;

    internal static async ValueTask<bool> PostponeAsync(TenantTransaction tx, CodeKey key, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Postpone, [("now", now), ("purpose", key.Purpose), ("run", key.Run), ("subject", key.Subject)], ct) == 1;

    internal static ValueTask<SentCode?> FindAsync(TenantTransaction tx, CodeKey key, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(Select, [("purpose", key.Purpose), ("run", key.Run), ("subject", key.Subject), ("now", now)],
            row => new SentCode(row.IdOrNull<UserId>(0), row.Time(1), row.Time(2), row.Int(3)), ct);

    internal static async ValueTask<bool> TryCountAsync(TenantTransaction tx, CodeKey key, int most, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Count, [("purpose", key.Purpose), ("run", key.Run), ("subject", key.Subject), ("most", most), ("now", now)], ct) == 1;

    internal static ValueTask<UserId?> RedeemAsync(TenantTransaction tx, CodeKey key, byte[] code, DateTimeOffset now, CancellationToken ct) =>
        tx.FindValueAsync(Redeem, [("purpose", key.Purpose), ("run", key.Run), ("subject", key.Subject), ("code", code), ("now", now)], row => row.Id<UserId>(0), ct);

    internal static ValueTask<SentLink?> FindLinkAsync(TenantTransaction tx, string purpose, byte[] token, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(SelectLink, [("purpose", purpose), ("token", token), ("now", now)], row => new SentLink(row.Guid(0), row.Bytes(1), row.IdOrNull<UserId>(2)), ct);

    internal static ValueTask<UserId?> RedeemLinkAsync(TenantTransaction tx, string purpose, byte[] token, Guid run, byte[] browser, DateTimeOffset now, CancellationToken ct) =>
        tx.FindValueAsync(RedeemLink, [("purpose", purpose), ("token", token), ("run", run), ("browser", browser), ("now", now)], row => row.Id<UserId>(0), ct);

    internal static async ValueTask DeleteAllAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(DeleteOfUser, [("user", user)], ct);
}
