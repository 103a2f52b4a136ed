using System.Collections.Concurrent;
using System.Globalization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Gatehouse.Authorization;

/// <summary>
/// How many calls of the management API one caller of a tenant makes in a minute: counted by each process, told in every answer
/// (draft-ietf-httpapi-ratelimit-headers), and refused beyond <see cref="HttpOptions.ManagementCallsPerMinute"/>. One caller takes nothing from another.
/// </summary>
internal sealed class CallRate(IOptions<HttpOptions> options, TimeProvider clock)
{
    private const int WindowSeconds = 60;

    // Callers remembered in one window; they are authenticated, so nobody makes them up. Beyond it the oldest known give way.
    private const int Capacity = 50_000;

    private readonly int limit = options.Value.ManagementCallsPerMinute;
    private volatile Window current = new(0);

    /// <summary>Counts this call and writes what is left into the answer. What an application asks on behalf of its own callers, from memory, does not count.</summary>
    /// <returns>Null; 429 <c>calls_too_many</c> with <c>Retry-After</c>.</returns>
    internal Problem? Take(HttpContext http, TenantId tenant, string scope, string caller)
    {
        if (limit == 0 || scope is Scopes.PermissionsCheck or Scopes.ApiKeysVerify) return null;
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds();
        var (used, ends) = (Count(seconds / WindowSeconds, (tenant, caller)), WindowSeconds - seconds % WindowSeconds);
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"management\";q={limit};w={WindowSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"management\";r={Math.Max(0, limit - used)};t={ends}");
        if (used <= limit) return null;
        headers.RetryAfter = ends.ToString(CultureInfo.InvariantCulture);
        return Problem.TooMany("calls_too_many", $"{limit} calls a minute were made. Wait until Retry-After has passed.");
    }

    private int Count(long minute, (TenantId, string) caller)
    {
        var window = current;
        // Who loses the race counts in the window that won.
        if (window.Minute != minute)
        {
            Interlocked.CompareExchange(ref current, new(minute), window);
            window = current;
        }
        if (window.Calls.Count >= Capacity && !window.Calls.ContainsKey(caller))
            foreach (var any in window.Calls)
            {
                window.Calls.TryRemove(any.Key, out _);
                break;
            }
        return window.Calls.AddOrUpdate(caller, 1, static (_, count) => count == int.MaxValue ? count : count + 1);
    }

    private sealed class Window(long minute)
    {
        internal long Minute => minute;
        internal ConcurrentDictionary<(TenantId, string), int> Calls { get; } = new();
    }
}
