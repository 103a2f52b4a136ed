using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>
/// How often something may be tried: so many times per key in a window that begins with the first try. Counted in the database by one
/// conditional statement, so that the limit holds over all processes. Keys are stored hashed.
/// </summary>
public sealed class RateLimit(IDatabase database, CredentialsMetrics metrics, TimeProvider clock)
{
    // One statement decides and counts. A row whose window is over starts anew; a full one is left alone and returns nothing.
    private const string Take = """
        INSERT INTO rate_counters (tenant_id, bucket, key_hash, used, window_ends_at) VALUES (@tenant, @bucket, @key, 1, @ends)
        ON CONFLICT (tenant_id, bucket, key_hash) DO UPDATE SET
          used = CASE WHEN rate_counters.window_ends_at <= @now THEN 1 ELSE rate_counters.used + 1 END,
          window_ends_at = CASE WHEN rate_counters.window_ends_at <= @now THEN @ends ELSE rate_counters.window_ends_at END
        WHERE rate_counters.tenant_id = @tenant AND (rate_counters.window_ends_at <= @now OR rate_counters.used < @limit)
        """;

    private const string GiveBack = """
        UPDATE rate_counters SET used = used - 1 WHERE tenant_id = @tenant AND bucket = @bucket AND key_hash = @key AND used > 0
        """;

    /// <summary>Counts one try in a transaction of its own: what the caller does afterwards, or fails to do, has been counted.</summary>
    /// <param name="bucket">What is limited, for example <c>reset.ip</c>; at most 40 characters of ours.</param>
    /// <returns>False when the limit is reached; then nothing was counted.</returns>
    public async ValueTask<bool> TryTakeAsync(TenantId tenant, string bucket, string key, int limit, TimeSpan window, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        var taken = await TryTakeAsync(tx, bucket, key, limit, window, ct);
        if (taken) await tx.CommitAsync(ct);
        return taken;
    }

    /// <summary>Counts one try in the caller's transaction; a rollback takes it back.</summary>
    public async ValueTask<bool> TryTakeAsync(TenantTransaction tx, string bucket, string key, int limit, TimeSpan window, CancellationToken ct)
    {
        var taken = await TryTakeAsync(tx, bucket, KeyOf(key), limit, clock.Now(), window, ct);
        if (!taken) metrics.Refused(bucket);
        return taken;
    }

    internal static async ValueTask<bool> TryTakeAsync(TenantTransaction tx, string bucket, byte[] key, int limit, DateTimeOffset now, TimeSpan window, CancellationToken ct) =>
        await tx.ExecuteAsync(Take, [("bucket", bucket), ("key", key), ("ends", now + window), ("now", now), ("limit", limit)], ct) == 1;

    /// <summary>Takes back one try that was counted in advance and turned out right.</summary>
    internal static async ValueTask GiveBackAsync(TenantTransaction tx, string bucket, byte[] key, CancellationToken ct) =>
        await tx.ExecuteAsync(GiveBack, [("bucket", bucket), ("key", key)], ct);

    internal static byte[] KeyOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>
    /// The key of an address to count by: IPv4 whole, IPv6 by its /64, which is what one customer gets and can vary at will.
    /// </summary>
    public static string AddressKey(string ipAddress) => Key(ipAddress, 64);

    /// <summary>As <see cref="AddressKey"/>, but IPv6 by its /48, the most that one site is given (RFC 6177): for counters that 65,536 networks must not multiply.</summary>
    public static string SiteKey(string ipAddress) => Key(ipAddress, 48);

    private static string Key(string ipAddress, int prefixBits)
    {
        if (!IPAddress.TryParse(ipAddress, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6) return ipAddress;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        return Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, prefixBits / 8)) + $"/{prefixBits}";
    }
}
