using System.Diagnostics;

namespace Gatehouse.Conformance.OAuth;

/// <summary>What must become true soon, because another process or a cache has to hear of it. A second is the promise; a busy machine gets five.</summary>
public static class Eventually
{
    public static async Task ShouldBeAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(5)) throw new Xunit.Sdk.XunitException("It did not come true within five seconds.");
            await Task.Delay(50);
        }
    }
}
