using System.Collections.Concurrent;

namespace Gatehouse.Caching;

/// <summary>
/// Bounded memory with second-chance eviction. A hit takes no lock and allocates nothing; everything that changes the memory takes one
/// short lock. Absence is remembered like a value. Loads of one key at the same time are one load, and what was being loaded while its
/// key was forgotten is handed to those who already waited but never kept: truth may have changed in between.
/// </summary>
/// <param name="capacity">Entries, absent ones included. When full, the hand of the clock passes over what was used since it last came by.</param>
/// <param name="topicOf">The text by which a key may be forgotten; null where only <see cref="ForgetWhere"/> and <see cref="Clear"/> are used.</param>
public sealed class ClockCache<TKey, TValue>(int capacity, Func<TKey, string>? topicOf = null) where TKey : notnull where TValue : class
{
    private sealed class Entry(TKey key, TValue? value, string? topic, int slot)
    {
        internal readonly TKey Key = key;
        internal readonly TValue? Value = value;
        internal readonly string? Topic = topic;
        internal readonly int Slot = slot;
        internal bool Used;
    }

    private sealed class Load(string? topic)
    {
        internal readonly string? Topic = topic;
        internal readonly TaskCompletionSource<TValue?> Done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly ConcurrentDictionary<TKey, Entry> entries = new();
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Load> loading = [];
    private readonly Dictionary<string, Entry> byTopic = new(StringComparer.Ordinal);
    private readonly Entry?[] ring = new Entry?[capacity];
    private readonly Stack<int> free = new();
    private int hand, filled;

    /// <summary>How many entries are held.</summary>
    public int Count => entries.Count;

    /// <returns>True when the memory knows the key; <paramref name="value"/> is null when it knows that there is nothing.</returns>
    public bool TryGet(TKey key, out TValue? value)
    {
        if (!entries.TryGetValue(key, out var entry)) { value = null; return false; }
        // Written only when it changes, so that hits on many cores do not fight over the cache line.
        if (!entry.Used) entry.Used = true;
        value = entry.Value;
        return true;
    }

    /// <param name="load">Reads the truth in a transaction of its own, never in the caller's: others wait for the same answer.</param>
    public ValueTask<TValue?> GetAsync(TKey key, Func<TKey, CancellationToken, ValueTask<TValue?>> load, CancellationToken ct) =>
        TryGet(key, out var value) ? new(value) : LoadAsync(key, load, ct);

    private async ValueTask<TValue?> LoadAsync(TKey key, Func<TKey, CancellationToken, ValueTask<TValue?>> load, CancellationToken ct)
    {
        Load? mine = null;
        Load? running;
        lock (gate)
        {
            if (entries.TryGetValue(key, out var entry)) return entry.Value;
            if (!loading.TryGetValue(key, out running)) loading[key] = running = mine = new Load(topicOf?.Invoke(key));
        }
        if (mine is not null) _ = RunAsync(key, mine, load);
        return await running.Done.Task.WaitAsync(ct);
    }

    // Not cancelled with the first caller: others may be waiting for the same answer.
    private async Task RunAsync(TKey key, Load mine, Func<TKey, CancellationToken, ValueTask<TValue?>> load)
    {
        try
        {
            var value = await load(key, CancellationToken.None);
            lock (gate)
            {
                if (loading.TryGetValue(key, out var current) && ReferenceEquals(current, mine))
                {
                    loading.Remove(key);
                    Keep(key, value, mine.Topic);
                }
            }
            mine.Done.SetResult(value);
        }
#pragma warning disable CA1031 // Not swallowed: every waiting caller gets it, whatever it is.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (gate)
            {
                if (loading.TryGetValue(key, out var current) && ReferenceEquals(current, mine)) loading.Remove(key);
            }
            mine.Done.SetException(e);
        }
    }

    /// <summary>Forgets the key with this topic and disowns a load of it that is under way.</summary>
    public void ForgetTopic(string topic)
    {
        lock (gate)
        {
            if (byTopic.TryGetValue(topic, out var entry)) Drop(entry);
            foreach (var (key, load) in loading)
                if (string.Equals(load.Topic, topic, StringComparison.Ordinal)) { loading.Remove(key); break; }
        }
    }

    /// <summary>Forgets every entry the test accepts, and disowns every load under way: their outcome cannot be tested yet.</summary>
    public void ForgetWhere(Func<TKey, TValue?, bool> test)
    {
        lock (gate)
        {
            for (var i = 0; i < filled; i++)
                if (ring[i] is { } entry && test(entry.Key, entry.Value)) Drop(entry);
            loading.Clear();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => ForgetWhere((_, _) => true);

    private void Keep(TKey key, TValue? value, string? topic)
    {
        var slot = free.TryPop(out var reused) ? reused : filled < ring.Length ? filled++ : Evict();
        var entry = new Entry(key, value, topic, slot);
        ring[slot] = entry;
        if (topic is not null) byTopic[topic] = entry;
        entries[key] = entry;
    }

    // At most two turns: the first clears every mark it meets.
    private int Evict()
    {
        while (true)
        {
            var entry = ring[hand]!;
            hand = (hand + 1) % ring.Length;
            if (entry.Used) { entry.Used = false; continue; }
            Drop(entry);
            return free.Pop();
        }
    }

    private void Drop(Entry entry)
    {
        entries.TryRemove(entry.Key, out _);
        if (entry.Topic is not null) byTopic.Remove(entry.Topic);
        ring[entry.Slot] = null;
        free.Push(entry.Slot);
    }
}
