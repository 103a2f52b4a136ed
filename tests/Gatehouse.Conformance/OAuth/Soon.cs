using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth;

/// <summary>What a cache or another process has to hear of: a second is the promise, a busy machine gets five.</summary>
internal static class Soon
{
    internal static Task ShouldBeAsync(Func<Task<bool>> condition) => Eventually.TrueAsync(condition, TimeSpan.FromSeconds(5), "a change is heard of");
}
