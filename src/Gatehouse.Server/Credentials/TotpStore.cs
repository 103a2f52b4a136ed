using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <param name="Sealed">The key as the vault sealed it.</param>
internal sealed record TotpSecret(byte[] Sealed, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>The SQL of TOTP keys, in use and about to be.</summary>
internal static class TotpStore
{
    private const string Select = "SELECT secret, created_at, last_used_at FROM totp_secrets WHERE tenant_id = @tenant AND user_id = @user";

    // A step once, and none before it (RFC 6238 §5.2). The key is part of the condition: one replaced meanwhile accepts nothing.
    private const string Accept = """
        UPDATE totp_secrets SET last_step = @step, last_used_at = @now
        WHERE tenant_id = @tenant AND user_id = @user AND secret = @secret AND last_step < @step
        """;

    // The step that confirmed it is used up with that.
    private const string Add = """
        INSERT INTO totp_secrets (tenant_id, user_id, secret, last_step, created_at) VALUES (@tenant, @user, @secret, @step, @now)
        ON CONFLICT (tenant_id, user_id) DO NOTHING
        """;

    private const string Delete = "DELETE FROM totp_secrets WHERE tenant_id = @tenant AND user_id = @user";

    private const string SelectPending = """
        SELECT secret FROM totp_enrolments WHERE tenant_id = @tenant AND user_id = @user AND browser_hash = @browser AND expires_at > @now
        """;

    // One that ran out gives way; one that has not stays, so that a reloaded page shows the same key.
    private const string AddPending = """
        INSERT INTO totp_enrolments (tenant_id, user_id, browser_hash, secret, expires_at) VALUES (@tenant, @user, @browser, @secret, @expires)
        ON CONFLICT (tenant_id, user_id, browser_hash) DO UPDATE SET secret = @secret, expires_at = @expires
        WHERE totp_enrolments.tenant_id = @tenant AND totp_enrolments.expires_at <= @now
        """;

    // Whoever takes it has confirmed it.
    private const string TakePending = """
        DELETE FROM totp_enrolments WHERE tenant_id = @tenant AND user_id = @user AND browser_hash = @browser AND secret = @secret AND expires_at > @now
        """;

    private const string DeletePending = "DELETE FROM totp_enrolments WHERE tenant_id = @tenant AND user_id = @user";

    internal static ValueTask<TotpSecret?> FindAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.FindAsync(Select, [("user", user)], row => new TotpSecret(row.Bytes(0), row.Time(1), row.TimeOrNull(2)), ct);

    internal static async ValueTask<bool> AcceptAsync(TenantTransaction tx, UserId user, byte[] secret, long step, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Accept, [("step", step), ("now", now), ("user", user), ("secret", secret)], ct) == 1;

    /// <returns>False when she has one.</returns>
    internal static async ValueTask<bool> TryAddAsync(TenantTransaction tx, UserId user, byte[] secret, long step, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Add, [("user", user), ("secret", secret), ("step", step), ("now", now)], ct) == 1;

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("user", user)], ct);

    internal static ValueTask<byte[]?> FindPendingAsync(TenantTransaction tx, UserId user, byte[] browser, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(SelectPending, [("user", user), ("browser", browser), ("now", now)], row => row.Bytes(0), ct);

    internal static async ValueTask AddPendingAsync(TenantTransaction tx, UserId user, byte[] browser, byte[] secret, DateTimeOffset expires, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(AddPending, [("user", user), ("browser", browser), ("secret", secret), ("expires", expires), ("now", now)], ct);

    internal static async ValueTask<bool> TakePendingAsync(TenantTransaction tx, UserId user, byte[] browser, byte[] secret, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(TakePending, [("user", user), ("browser", browser), ("secret", secret), ("now", now)], ct) == 1;

    internal static async ValueTask DeletePendingAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(DeletePending, [("user", user)], ct);
}
