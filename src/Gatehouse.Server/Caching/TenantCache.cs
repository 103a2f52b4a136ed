using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Caching;

/// <summary>
/// Bounded in-process memory of things that seldom change, keyed by tenant first. Forgets on the topic <c>{tenant}:{name}:{key}</c>
/// (one entry) or <c>{tenant}:{name}</c> (all of a tenant); what was being loaded while it was announced is not kept.
/// </summary>
public sealed class TenantCache<TKey, TValue> where TKey : notnull where TValue : class
{
    public TenantCache(string name, int capacity, IChangeFeed feed) => throw new NotImplementedException();

    /// <summary>The value from memory, or loaded and then kept. Absence is remembered too (negative entries are bounded alike).</summary>
    public ValueTask<TValue?> GetAsync(TenantId tenant, TKey key, Func<TenantId, TKey, CancellationToken, ValueTask<TValue?>> load, CancellationToken ct) => throw new NotImplementedException();
}

/// <summary>What is announced to forget.</summary>
public static class CacheTopic
{
    public static string For<TKey>(TenantId tenant, string name, TKey key) where TKey : notnull => $"{tenant}:{name}:{key}";
    public static string All(TenantId tenant, string name) => $"{tenant}:{name}";
}
