using System.Collections.Concurrent;
using Gatehouse.Credentials;
using Gatehouse.Kernel;

namespace Gatehouse.OAuth;

/// <summary>
/// Counts wrong client secrets per client and address, in this process, in windows of a minute. A 256-bit secret is not guessed; this
/// keeps a broken deployment or a prober from costing an audit entry per request.
/// </summary>
internal sealed class SecretGuesses(TimeProvider clock)
{
    internal const int MaxPerMinute = 30;

    // Pairs remembered in one window. Beyond it a new one takes the place of an old one: who comes from that many addresses is limited by
    // nothing here, but nobody hides behind a full table.
    internal const int Capacity = 10_000;

    private ConcurrentDictionary<(TenantId, ClientId, string), int> counts = new();
    private long window;

    /// <returns>False when this client and address (an IPv6 customer's whole /64) have had their share of this minute.</returns>
    internal bool TryCount(TenantId tenant, ClientId client, string address)
    {
        Turn();
        var current = counts;
        var key = (tenant, client, RateLimit.AddressKey(address));
        if (current.Count >= Capacity && !current.ContainsKey(key)) Evict(current);
        return current.AddOrUpdate(key, 1, static (_, count) => Math.Min(count, MaxPerMinute) + 1) <= MaxPerMinute;
    }

    private static void Evict(ConcurrentDictionary<(TenantId, ClientId, string), int> counts)
    {
        foreach (var any in counts)
        {
            counts.TryRemove(any.Key, out _);
            return;
        }
    }

    private void Turn()
    {
        var minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        var current = Interlocked.Read(ref window);
        if (minute != current && Interlocked.CompareExchange(ref window, minute, current) == current) counts = new();
    }
}
