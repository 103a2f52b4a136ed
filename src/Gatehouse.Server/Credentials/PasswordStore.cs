using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>What one read tells of a sign-in attempt. Counts are of the windows that have not ended.</summary>
/// <param name="MustChange">Why it must be replaced at the next sign-in; null when it need not.</param>
/// <param name="BreachCheckedAt">When it was last looked up at a service.</param>
internal sealed record PasswordFacts(string? Phc, bool DeviceKnown, long DeviceFailures, long UserFailures, long IpFailures, long TenantFailures,
    string? MustChange = null, DateTimeOffset? BreachCheckedAt = null);

/// <summary>How long there has been a password, and why it must be replaced at the next sign-in.</summary>
/// <param name="ByLink">It was set behind a link or a code, and has not stood beside a second step since.</param>
internal sealed record PasswordAge(DateTimeOffset ChangedAt, string? MustChange, bool ByLink = false);

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
          (SELECT coalesce(max(used), 0) FROM rate_counters WHERE tenant_id = @tenant AND bucket = 'signin.tenant' AND key_hash = @tenant_key AND window_ends_at > @now),
          (SELECT must_change FROM passwords WHERE tenant_id = @tenant AND user_id = @user),
          (SELECT breach_checked_at FROM passwords WHERE tenant_id = @tenant AND user_id = @user)
        """;

    private const string Upsert = """
        INSERT INTO passwords (tenant_id, user_id, phc, changed_at, by_link) VALUES (@tenant, @user, @phc, @now, FALSE)
        ON CONFLICT (tenant_id, user_id) DO UPDATE SET phc = @phc, changed_at = @now, must_change = NULL, breach_checked_at = NULL, by_link = FALSE WHERE passwords.tenant_id = @tenant
        """;

    // Only over the hash that was verified: a password changed meanwhile must not come back.
    private const string Rehash = "UPDATE passwords SET phc = @new WHERE tenant_id = @tenant AND user_id = @user AND phc = @old";

    // Changes nothing and takes the row's lock: whoever sets the password takes turns with who signs in by it.
    private const string Hold = "UPDATE passwords SET changed_at = changed_at WHERE tenant_id = @tenant AND user_id = @user AND changed_at = @changed";
    // Not known of those that were set before it was written down: taken for one that came by a link.
    private const string SelectAge = "SELECT changed_at, must_change, coalesce(by_link, TRUE) FROM passwords WHERE tenant_id = @tenant AND user_id = @user";
    private const string MarkByLink = "UPDATE passwords SET by_link = TRUE WHERE tenant_id = @tenant AND user_id = @user";
    private const string ForgetByLink = "UPDATE passwords SET by_link = FALSE WHERE tenant_id = @tenant AND user_id = @user AND (by_link IS NULL OR by_link)";
    private const string DemandChange = "UPDATE passwords SET must_change = @reason WHERE tenant_id = @tenant AND user_id = @user";

    // Only of the password that was proved: one that was set meanwhile has been checked by itself. What an administrator demanded stays.
    private const string DemandChangeOf = "UPDATE passwords SET must_change = @reason WHERE tenant_id = @tenant AND user_id = @user AND phc = @phc AND must_change IS NULL";
    private const string RememberLookUp = "UPDATE passwords SET breach_checked_at = @now WHERE tenant_id = @tenant AND user_id = @user AND phc = @phc";
    private const string SelectChanged = "SELECT changed_at FROM passwords WHERE tenant_id = @tenant AND user_id = @user";
    private const string Delete = "DELETE FROM passwords WHERE tenant_id = @tenant AND user_id = @user";
    private const string SelectDevice = "SELECT last_used_at FROM known_devices WHERE tenant_id = @tenant AND user_id = @user AND device_hash = @device";
    private const string DeleteDevices = "DELETE FROM known_devices WHERE tenant_id = @tenant AND user_id = @user";

    private const string SelectFamiliarity = """
        SELECT count(*), coalesce(sum(CASE WHEN device_hash = @device THEN 1 ELSE 0 END), 0) FROM known_devices WHERE tenant_id = @tenant AND user_id = @user
        """;

    private const string RememberDevice = """
        INSERT INTO known_devices (tenant_id, user_id, device_hash, last_used_at) VALUES (@tenant, @user, @device, @now)
        ON CONFLICT (tenant_id, user_id, device_hash) DO UPDATE SET last_used_at = @now WHERE known_devices.tenant_id = @tenant
        """;

    internal static async ValueTask<PasswordFacts> FactsAsync(TenantTransaction tx, UserId user, AttemptKeys keys, DateTimeOffset now, CancellationToken ct) =>
        await tx.FindAsync(SelectFacts,
            [("user", user), ("device", keys.Device), ("device_key", keys.DeviceKey), ("now", now), ("user_key", keys.UserKey), ("ip_key", keys.IpKey), ("tenant_key", keys.TenantKey)],
            row => new PasswordFacts(row.TextOrNull(0), row.Long(1) > 0, row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.TextOrNull(6), row.TimeOrNull(7)), ct)
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

    internal static ValueTask<PasswordAge?> FindAgeAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.FindAsync(SelectAge, [("user", user)], row => new PasswordAge(row.Time(0), row.TextOrNull(1), row.Bool(2)), ct);

    internal static async ValueTask MarkByLinkAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(MarkByLink, [("user", user)], ct);

    internal static async ValueTask ForgetByLinkAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(ForgetByLink, [("user", user)], ct);

    internal static async ValueTask DemandChangeAsync(TenantTransaction tx, UserId user, string reason, CancellationToken ct) =>
        await tx.ExecuteAsync(DemandChange, [("reason", reason), ("user", user)], ct);

    /// <summary>Of this very password, unless somebody demanded it already.</summary>
    internal static async ValueTask DemandChangeAsync(TenantTransaction tx, UserId user, string phc, string reason, CancellationToken ct) =>
        await tx.ExecuteAsync(DemandChangeOf, [("reason", reason), ("user", user), ("phc", phc)], ct);

    internal static async ValueTask RememberLookUpAsync(TenantTransaction tx, UserId user, string phc, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(RememberLookUp, [("now", now), ("user", user), ("phc", phc)], ct);

    /// <summary>The password alone; the devices stay known.</summary>
    internal static async ValueTask VoidAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("user", user)], ct);

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await VoidAsync(tx, user, ct);
        await ForgetDevicesAsync(tx, user, ct);
    }

    internal static async ValueTask<DeviceFamiliarity> FamiliarityAsync(TenantTransaction tx, UserId user, byte[] device, CancellationToken ct) =>
        await tx.FindValueAsync(SelectFamiliarity, [("device", device), ("user", user)],
            row => row.Long(1) > 0 ? DeviceFamiliarity.Known : row.Long(0) > 0 ? DeviceFamiliarity.New : DeviceFamiliarity.First, ct) ?? DeviceFamiliarity.First;

    internal static async ValueTask ForgetDevicesAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteDevices, [("user", user)], ct);

    internal static async ValueTask<bool> IsKnownDeviceAsync(TenantTransaction tx, UserId user, byte[] device, CancellationToken ct) =>
        await tx.FindValueAsync(SelectDevice, [("user", user), ("device", device)], row => row.Time(0), ct) is not null;

    internal static async ValueTask RememberDeviceAsync(TenantTransaction tx, UserId user, byte[] device, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(RememberDevice, [("user", user), ("device", device), ("now", now)], ct);
}
