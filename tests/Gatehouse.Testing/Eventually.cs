using System.Diagnostics;

namespace Gatehouse.Testing;

/// <summary>Waits for what must become true within a stated time.</summary>
public static class Eventually
{
    /// <param name="what">Completes "… within 5 s" in the failure message.</param>
    public static async Task<TimeSpan> TrueAsync(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > limit) throw new Xunit.Sdk.XunitException($"Not so within {limit.TotalSeconds:0.#} s: {what}");
            await Task.Delay(20);
        }
        return clock.Elapsed;
    }
}
