using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Caching;

/// <summary>
/// Bounded in-process memory of things that seldom change, keyed by tenant first. Forgets on the topic <c>{tenant}:{name}:{key}</c>
/// (one entry) or <c>{tenant}:{name}</c> (all of a tenant); what was being loaded while it was announced is not kept.
/// </summary>
public sealed class TenantCache<TKey, TValue> where TKey : notnull where TValue : class
{
    private readonly record struct Key(TenantId Tenant, TKey Inner);

    private readonly string name;
    private readonly ClockCache<Key, TValue> memory;

    /// <param name="name">Unique among caches; the middle of the topics.</param>
    /// <param name="capacity">Entries of all tenants together, absent ones included.</param>
    public TenantCache(string name, int capacity, IChangeFeed feed)
    {
        this.name = name;
        memory = new(capacity, key => CacheTopic.For(key.Tenant, name, key.Inner));
        feed.Subscribe(Forget, memory.Clear);
    }

    /// <summary>The value from memory, or loaded and then kept. Absence is remembered too (negative entries are bounded alike).</summary>
    /// <param name="load">Reads the truth in a transaction of its own, never in the caller's: others wait for the same answer.</param>
    public ValueTask<TValue?> GetAsync(TenantId tenant, TKey key, Func<TenantId, TKey, CancellationToken, ValueTask<TValue?>> load, CancellationToken ct)
    {
        var full = new Key(tenant, key);
        return memory.TryGet(full, out var value) ? new(value) : MissAsync(full, load, ct);
    }

    // Apart from GetAsync so that a hit does not pay for this method's closure.
    private ValueTask<TValue?> MissAsync(Key key, Func<TenantId, TKey, CancellationToken, ValueTask<TValue?>> load, CancellationToken ct) =>
        memory.GetAsync(key, (k, stop) => load(k.Tenant, k.Inner, stop), ct);

    private void Forget(string topic)
    {
        if (CacheTopic.Names(topic, name) is not { } tenant) return;
        if (topic.Length > CacheTopic.TenantLength + 1 + name.Length) memory.ForgetTopic(topic);
        else memory.ForgetWhere((key, _) => key.Tenant == tenant);
    }
}

/// <summary>What is announced to forget.</summary>
public static class CacheTopic
{
    /// <summary>Characters of a tenant id's text.</summary>
    internal const int TenantLength = 30;
    private const int MaxKeyLength = 120;

    /// <summary>One entry. Topics are bounded: a long key (an API's identifier, say) is named by its SHA-256 instead.</summary>
    public static string For<TKey>(TenantId tenant, string name, TKey key) where TKey : notnull
    {
        var text = key.ToString()!;
        if (text.Length > MaxKeyLength) text = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return $"{tenant}:{name}:{text}";
    }

    /// <summary>All of a tenant's entries.</summary>
    public static string All(TenantId tenant, string name) => $"{tenant}:{name}";

    /// <summary>The tenant of a topic that speaks of the cache called <paramref name="name"/>; null when it speaks of another.</summary>
    public static TenantId? Names(string topic, string name)
    {
        var end = TenantLength + 1 + name.Length;
        if (topic.Length < end || topic[TenantLength] != ':' || (topic.Length > end && topic[end] != ':')
            || !topic.AsSpan(TenantLength + 1, name.Length).SequenceEqual(name)) return null;
        return TenantId.TryParse(topic[..TenantLength], out var tenant) ? tenant : null;
    }
}
