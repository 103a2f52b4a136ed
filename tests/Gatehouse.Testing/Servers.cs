using System.Collections.Concurrent;

namespace Gatehouse.Testing;

/// <summary>
/// One server per database and test process, for tests that make a tenant of their own and do not move the clock. Sharing is a test in
/// itself: nothing that one test does may reach another's tenant.
/// </summary>
public static class Servers
{
    private static readonly ConcurrentDictionary<TestDatabase, Lazy<Task<TestServer>>> Shared = new();

    public static Task<TestServer> SharedAsync(TestDatabase database) => Shared.GetOrAdd(database, d => new(() => Task.Run(() => TestServer.StartAsync(d)))).Value;
}
