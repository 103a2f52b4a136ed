using System.Collections.Concurrent;
using System.Net;
using Gatehouse.Kernel;

namespace Gatehouse.OAuth;

/// <summary>
/// Counts wrong client secrets per client and address, in this process, in windows of a minute. A 256-bit secret is not guessed; this
/// keeps a broken deployment or a prober from costing an audit entry per request.
/// </summary>
internal sealed class SecretGuesses(TimeProvider clock)
{
    internal const int MaxPerMinute = 30;

    // Addresses remembered in one window. Beyond it nobody new is counted until the next minute begins.
    private const int Capacity = 10_000;

    private ConcurrentDictionary<(TenantId, ClientId, IPAddress), int> counts = new();
    private long window;

    internal bool TooMany(TenantId tenant, ClientId client, IPAddress? address)
    {
        Turn();
        return counts.TryGetValue((tenant, client, address ?? IPAddress.None), out var count) && count >= MaxPerMinute;
    }

    internal void Count(TenantId tenant, ClientId client, IPAddress? address)
    {
        Turn();
        var key = (tenant, client, address ?? IPAddress.None);
        if (counts.Count < Capacity || counts.ContainsKey(key)) counts.AddOrUpdate(key, 1, static (_, count) => count + 1);
    }

    private void Turn()
    {
        var minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        var current = Interlocked.Read(ref window);
        if (minute != current && Interlocked.CompareExchange(ref window, minute, current) == current) counts = new();
    }
}
