using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Sessions;

/// <summary>Which trust has not run out: the time it was given for, and what the tenant allows at this moment if that is less.</summary>
internal readonly record struct TrustSince(DateTimeOffset Now, DateTimeOffset Given);

/// <summary>The SQL of <c>trusted_devices</c>. What ends is deleted: the audit says that it was there.</summary>
internal static class TrustedDeviceStore
{
    private const string Columns = "id, user_id, browser_hash, created_at, expires_at, last_used_at, ip_address, user_agent";
    private const string Live = "expires_at > @now AND created_at > @given";

    private const string Find = $"""
        SELECT {Columns} FROM trusted_devices
        WHERE tenant_id = @tenant AND browser_hash = @browser AND user_id = @user AND secret_hash = @hash AND {Live}
        """;

    private const string List = $"SELECT {Columns} FROM trusted_devices WHERE tenant_id = @tenant AND user_id = @user AND {Live} ORDER BY created_at DESC, id DESC";

    // Trusting a browser once more, or as somebody else, takes the place of what was there: one statement, so that two tabs do not collide.
    private const string Put = """
        INSERT INTO trusted_devices (tenant_id, id, user_id, browser_hash, secret_hash, created_at, expires_at, rotated_at, ip_address, user_agent)
        VALUES (@tenant, @id, @user, @browser, @hash, @now, @expires, @now, @ip, @agent)
        ON CONFLICT (tenant_id, browser_hash) DO UPDATE SET id = @id, user_id = @user, secret_hash = @hash, created_at = @now, expires_at = @expires,
          rotated_at = @now, last_used_at = NULL, ip_address = @ip, user_agent = @agent
        WHERE trusted_devices.tenant_id = @tenant
        """;

    // The secret that was shown is part of the condition: of any number that show it at once, one goes on with the next.
    private const string Rotate = $"""
        UPDATE trusted_devices SET secret_hash = @renewed, rotated_at = @now, last_used_at = @now, ip_address = @ip, user_agent = @agent
        WHERE tenant_id = @tenant AND id = @id AND secret_hash = @hash AND {Live}
        """;

    // A secret that was replaced a while ago and is shown by somebody who knows the rest is a copy. A tab that was on its way is not.
    private const string DeleteCopied = """
        DELETE FROM trusted_devices WHERE tenant_id = @tenant AND browser_hash = @browser AND user_id = @user AND secret_hash <> @hash AND rotated_at < @grace
        RETURNING id
        """;

    private const string DeleteOne = "DELETE FROM trusted_devices WHERE tenant_id = @tenant AND id = @id AND user_id = @user";
    private const string DeleteAll = "DELETE FROM trusted_devices WHERE tenant_id = @tenant AND user_id = @user RETURNING id";
    private const string DeleteOthersOfBrowser = "DELETE FROM trusted_devices WHERE tenant_id = @tenant AND browser_hash = @browser AND user_id <> @user RETURNING id, user_id";

    private const string DeleteOldest = """
        DELETE FROM trusted_devices WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM trusted_devices WHERE tenant_id = @tenant AND user_id = @user ORDER BY created_at DESC, id DESC LIMIT @all OFFSET @stay)
        RETURNING id
        """;

    private const string ExpiredOf = "SELECT DISTINCT tenant_id FROM trusted_devices WHERE expires_at < @cutoff LIMIT 1000";
    private const string Expired = """
        DELETE FROM trusted_devices WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM trusted_devices WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    internal static ExpiredRows Pruning { get; } = new("trusted_devices", ExpiredOf, Expired, TimeSpan.Zero);

    internal static ValueTask<TrustedDevice?> FindAsync(TenantTransaction tx, UserId user, byte[] browser, byte[] hash, TrustSince live, CancellationToken ct) =>
        tx.FindAsync(Find, [("browser", browser), ("user", user), ("hash", hash), ("now", live.Now), ("given", live.Given)], Read, ct);

    internal static ValueTask<List<TrustedDevice>> ListAsync(TenantTransaction tx, UserId user, TrustSince live, CancellationToken ct) =>
        tx.ListAsync(List, [("user", user), ("now", live.Now), ("given", live.Given)], Read, ct);

    internal static async ValueTask PutAsync(TenantTransaction tx, TrustedDevice device, byte[] hash, CancellationToken ct) =>
        await tx.ExecuteAsync(Put,
            [("id", device.Id), ("user", device.UserId), ("browser", device.Browser), ("hash", hash), ("now", device.CreatedAt), ("expires", device.ExpiresAt), ("ip", device.IpAddress), ("agent", device.UserAgent)], ct);

    /// <returns>False when it ended, ran out, or another request was faster.</returns>
    internal static async ValueTask<bool> RotateAsync(TenantTransaction tx, TrustedDeviceId id, byte[] hash, byte[] renewed, string ip, string agent, TrustSince live, CancellationToken ct) =>
        await tx.ExecuteAsync(Rotate, [("renewed", renewed), ("now", live.Now), ("ip", ip), ("agent", agent), ("id", id), ("hash", hash), ("given", live.Given)], ct) == 1;

    internal static ValueTask<TrustedDeviceId?> DeleteCopiedAsync(TenantTransaction tx, UserId user, byte[] browser, byte[] hash, DateTimeOffset grace, CancellationToken ct) =>
        tx.FindValueAsync(DeleteCopied, [("browser", browser), ("user", user), ("hash", hash), ("grace", grace)], row => row.Id<TrustedDeviceId>(0), ct);

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, TrustedDeviceId id, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOne, [("id", id), ("user", user)], ct) == 1;

    internal static ValueTask<List<TrustedDeviceId>> DeleteAllAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.ListAsync(DeleteAll, [("user", user)], row => row.Id<TrustedDeviceId>(0), ct);

    internal static ValueTask<List<(TrustedDeviceId Id, UserId User)>> DeleteOthersAsync(TenantTransaction tx, UserId user, byte[] browser, CancellationToken ct) =>
        tx.ListAsync(DeleteOthersOfBrowser, [("browser", browser), ("user", user)], row => (row.Id<TrustedDeviceId>(0), row.Id<UserId>(1)), ct);

    internal static ValueTask<List<TrustedDeviceId>> DeleteOldestAsync(TenantTransaction tx, UserId user, int stay, CancellationToken ct) =>
        tx.ListAsync(DeleteOldest, [("user", user), ("all", int.MaxValue), ("stay", stay)], row => row.Id<TrustedDeviceId>(0), ct);

    private static TrustedDevice Read(SqlRow row) =>
        new(row.Id<TrustedDeviceId>(0), row.Id<UserId>(1), row.Bytes(2), row.Time(3), row.Time(4), row.TimeOrNull(5), row.Text(6), row.Text(7));
}
