using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>The SQL of one-time links.</summary>
internal static class OneTimeLinkStore
{
    private const string Insert = """
        INSERT INTO one_time_links (tenant_id, token_hash, purpose, user_id, email_id, payload, created_at, expires_at)
        VALUES (@tenant, @hash, @purpose, @user, @email, @payload, @now, @expires)
        """;

    private const string Select = """
        SELECT user_id, email_id, payload, expires_at FROM one_time_links
        WHERE tenant_id = @tenant AND token_hash = @hash AND purpose = @purpose AND used_at IS NULL AND expires_at > @now
        """;

    // Whoever marks it used has it; all others find no row.
    private const string Redeem = """
        UPDATE one_time_links SET used_at = @now
        WHERE tenant_id = @tenant AND token_hash = @hash AND purpose = @purpose AND used_at IS NULL AND expires_at > @now
        RETURNING user_id, email_id, payload, expires_at
        """;

    private const string DeleteOfPurpose = "DELETE FROM one_time_links WHERE tenant_id = @tenant AND user_id = @user AND purpose = @purpose";
    private const string DeleteOthersOfPurpose = "DELETE FROM one_time_links WHERE tenant_id = @tenant AND user_id = @user AND purpose = @purpose AND token_hash <> @hash";
    private const string DeleteOfUser = "DELETE FROM one_time_links WHERE tenant_id = @tenant AND user_id = @user";

    internal static async ValueTask InsertAsync(TenantTransaction tx, byte[] hash, OneTimeLink link, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("hash", hash), ("purpose", Text(link.Purpose)), ("user", link.UserId), ("email", link.EmailId), ("payload", link.Payload), ("now", now), ("expires", link.ExpiresAt)], ct);

    internal static ValueTask<OneTimeLink?> FindAsync(TenantTransaction tx, LinkPurpose purpose, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(Select, [("hash", hash), ("purpose", Text(purpose)), ("now", now)], row => Read(row, purpose), ct);

    internal static ValueTask<OneTimeLink?> RedeemAsync(TenantTransaction tx, LinkPurpose purpose, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(Redeem, [("now", now), ("hash", hash), ("purpose", Text(purpose))], row => Read(row, purpose), ct);

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, LinkPurpose purpose, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOfPurpose, [("user", user), ("purpose", Text(purpose))], ct);

    internal static async ValueTask DeleteOthersAsync(TenantTransaction tx, UserId user, LinkPurpose purpose, byte[] hash, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOthersOfPurpose, [("user", user), ("purpose", Text(purpose)), ("hash", hash)], ct);

    internal static async ValueTask DeleteAllAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOfUser, [("user", user)], ct);

    private static OneTimeLink Read(SqlRow row, LinkPurpose purpose) =>
        new(purpose, row.IdOrNull<UserId>(0), row.IdOrNull<EmailId>(1), row.Text(2), row.Time(3));

    private static string Text(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.VerifyEmail => "verify_email",
        LinkPurpose.ResetPassword => "reset_password",
        LinkPurpose.Disown => "disown",
        LinkPurpose.StartRecovery => "start_recovery",
        LinkPurpose.CancelRecovery => "cancel_recovery",
        LinkPurpose.CompleteRecovery => "complete_recovery",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}
