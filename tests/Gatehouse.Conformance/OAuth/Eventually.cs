using System.Diagnostics;

namespace Gatehouse.Conformance.OAuth;

/// <summary>What must be true within a second, because another process or a cache has to hear of it.</summary>
public static class Eventually
{
    public static async Task ShouldBeAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(2)) throw new Xunit.Sdk.XunitException("It did not come true within a second.");
            await Task.Delay(50);
        }
    }
}
