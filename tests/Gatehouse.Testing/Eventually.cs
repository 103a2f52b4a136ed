using System.Diagnostics;

namespace Gatehouse.Testing;

/// <summary>Waits for what must become true within a stated time.</summary>
public static class Eventually
{
    /// <summary>How many times its limit a thing may take: limits are for a machine of one's own, tests share theirs with each other and with other people's.</summary>
    public const int Patience = 5;

    /// <param name="limit">What it may take where nothing else runs.</param>
    /// <param name="what">Completes "… within 5 s" in the failure message.</param>
    public static async Task<TimeSpan> TrueAsync(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        var clock = Stopwatch.StartNew();
        // Asked once more when it is over: what was held up on the way may have been held up longest.
        for (var late = false; !await condition(); late = clock.Elapsed > limit * Patience)
        {
            if (late) throw new Xunit.Sdk.XunitException($"Not so within {(limit * Patience).TotalSeconds:0.#} s: {what}");
            await Task.Delay(20);
        }
        return clock.Elapsed;
    }
}
