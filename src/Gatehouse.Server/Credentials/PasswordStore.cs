using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>What one read tells of a sign-in attempt. Counts are of the windows that have not ended.</summary>
internal sealed record PasswordFacts(string? Phc, bool DeviceKnown, long DeviceFailures, long UserFailures, long IpFailures, long TenantFailures);

/// <summary>The SQL of passwords, known devices and failed sign-ins.</summary>
internal static class PasswordStore
{
    internal const string UserBucket = "signin.user", DeviceBucket = "signin.device", IpBucket = "signin.ip", TenantBucket = "signin.tenant";

    // Everything in one round trip, and the same work whether or not there is such a user: the absent one is the empty id.
    private const string SelectFacts = """
        SELECT
          (SELECT phc FROM passwords WHERE tenant_id = @tenant AND user_id = @user),
          (SELECT count(*) FROM known_devices WHERE tenant_id = @tenant AND user_id = @user AND device_hash = @device),
          (SELECT coalesce(max(used), 0) FROM rate_counters WHERE tenant_id = @tenant AND bucket = 'signin.device' AND key_hash = @device_key AND window_ends_at > @now),
          (SELECT coalesce(max(used), 0) FROM rate_counters WHERE tenant_id = @tenant AND bucket = 'signin.user' AND key_hash = @user_key AND window_ends_at > @now),
          (SELECT coalesce(max(used), 0) FROM rate_counters WHERE tenant_id = @tenant AND bucket = 'signin.ip' AND key_hash = @ip_key AND window_ends_at > @now),
          (SELECT coalesce(max(used), 0) FROM rate_counters WHERE tenant_id = @tenant AND bucket = 'signin.tenant' AND key_hash = @tenant_key AND window_ends_at > @now)
        """;

    private const string Upsert = """
        INSERT INTO passwords (tenant_id, user_id, phc, changed_at) VALUES (@tenant, @user, @phc, @now)
        ON CONFLICT (tenant_id, user_id) DO UPDATE SET phc = @phc, changed_at = @now WHERE passwords.tenant_id = @tenant
        """;

    // Only over the hash that was verified: a password changed meanwhile must not come back.
    private const string Rehash = "UPDATE passwords SET phc = @new WHERE tenant_id = @tenant AND user_id = @user AND phc = @old";

    // Changes nothing and takes the row's lock: whoever sets the password takes turns with who signs in by it.
    private const string Hold = "UPDATE passwords SET changed_at = changed_at WHERE tenant_id = @tenant AND user_id = @user AND changed_at = @changed";
    private const string SelectChanged = "SELECT changed_at FROM passwords WHERE tenant_id = @tenant AND user_id = @user";
    private const string Delete = "DELETE FROM passwords WHERE tenant_id = @tenant AND user_id = @user";
    private const string SelectDevice = "SELECT last_used_at FROM known_devices WHERE tenant_id = @tenant AND user_id = @user AND device_hash = @device";
    private const string DeleteDevices = "DELETE FROM known_devices WHERE tenant_id = @tenant AND user_id = @user";

    private const string RememberDevice = """
        INSERT INTO known_devices (tenant_id, user_id, device_hash, last_used_at) VALUES (@tenant, @user, @device, @now)
        ON CONFLICT (tenant_id, user_id, device_hash) DO UPDATE SET last_used_at = @now WHERE known_devices.tenant_id = @tenant
        """;

    internal static async ValueTask<PasswordFacts> FactsAsync(TenantTransaction tx, UserId user, AttemptKeys keys, DateTimeOffset now, CancellationToken ct) =>
        await tx.FindAsync(SelectFacts,
            [("user", user), ("device", keys.Device), ("device_key", keys.DeviceKey), ("now", now), ("user_key", keys.UserKey), ("ip_key", keys.IpKey), ("tenant_key", keys.TenantKey)],
            row => new PasswordFacts(row.TextOrNull(0), row.Long(1) > 0, row.Long(2), row.Long(3), row.Long(4), row.Long(5)), ct)
        ?? throw new InvalidOperationException("A SELECT without FROM returns one row.");

    internal static async ValueTask SetAsync(TenantTransaction tx, UserId user, string phc, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Upsert, [("user", user), ("phc", phc), ("now", now)], ct);

    internal static async ValueTask<bool> RehashAsync(TenantTransaction tx, UserId user, string old, string renewed, CancellationToken ct) =>
        await tx.ExecuteAsync(Rehash, [("new", renewed), ("user", user), ("old", old)], ct) == 1;

    /// <summary>When the password was last set; null when there is none.</summary>
    internal static async ValueTask<bool> HoldAsync(TenantTransaction tx, UserId user, DateTimeOffset changed, CancellationToken ct) =>
        await tx.ExecuteAsync(Hold, [("user", user), ("changed", changed)], ct) == 1;

    internal static ValueTask<DateTimeOffset?> ChangedAtAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.FindValueAsync(SelectChanged, [("user", user)], row => row.Time(0), ct);

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await tx.ExecuteAsync(Delete, [("user", user)], ct);
        await ForgetDevicesAsync(tx, user, ct);
    }

    internal static async ValueTask ForgetDevicesAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteDevices, [("user", user)], ct);

    internal static async ValueTask<bool> IsKnownDeviceAsync(TenantTransaction tx, UserId user, byte[] device, CancellationToken ct) =>
        await tx.FindValueAsync(SelectDevice, [("user", user), ("device", device)], row => row.Time(0), ct) is not null;

    internal static async ValueTask RememberDeviceAsync(TenantTransaction tx, UserId user, byte[] device, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(RememberDevice, [("user", user), ("device", device), ("now", now)], ct);
}
