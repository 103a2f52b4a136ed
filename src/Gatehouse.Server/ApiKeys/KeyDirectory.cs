using Gatehouse.Authorization;
using Gatehouse.Caching;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.ApiKeys;

/// <summary>Keys by their secrets, from memory that is told of every change in the transaction that makes it.</summary>
internal sealed class KeyDirectory : IApiKeys
{
    internal const string Topic = "api_key";

    // Some hundred bytes each; secrets that nobody has are remembered too, and go first since they are not asked for again.
    private const int Capacity = 100_000;

    private readonly TenantCache<KeyHash, KnownKey> memory;
    private readonly IDatabase database;
    private readonly LastUses uses;
    private readonly TimeProvider clock;
    private readonly Func<TenantId, KeyHash, CancellationToken, ValueTask<KnownKey?>> load;

    public KeyDirectory(IDatabase database, IChangeFeed feed, LastUses uses, TimeProvider clock)
    {
        (this.database, this.uses, this.clock) = (database, uses, clock);
        memory = new(Topic, Capacity, feed);
        load = LoadAsync;
    }

    public bool IsKey(ReadOnlySpan<char> presented) => KeyText.HasPrefix(presented);

    public ValueTask<PresentedKey?> FindAsync(TenantId tenant, string presented, string? address, CancellationToken ct)
    {
        if (!KeyText.IsWhole(presented)) return default;
        var found = memory.GetAsync(tenant, KeyText.Hash(presented), load, ct);
        return found.IsCompletedSuccessfully ? new(Judge(tenant, found.Result, address)) : WaitAsync(tenant, found, address);
    }

    public async ValueTask<PresentedKey?> FindAsync(TenantTransaction tx, string presented, string? address, CancellationToken ct)
    {
        if (!KeyText.IsWhole(presented) || await ApiKeyStore.FindBySecretAsync(tx, KeyText.Hash(presented).ToBytes(), ct) is not { } stored) return null;
        var (key, now) = (Of(stored), clock.GetUtcNow());
        if (now >= key.EndsAt || !AddressList.Read(stored.Addresses).Admits(address)) return null;
        uses.Note(tx.Tenant, key.Id, now, address);
        return key;
    }

    public ValueTask<PresentedKey?> FindAsync(TenantTransaction tx, ApiKeyId key, CancellationToken ct) => ApiKeyStore.FindLiveAsync(tx, key, clock.Now(), ct);

    /// <summary>After commit every process reads this key anew.</summary>
    internal static async ValueTask ChangedAsync(TenantTransaction tx, ApiKeyId key, CancellationToken ct)
    {
        foreach (var hash in await ApiKeyStore.ListHashesAsync(tx, key, ct)) tx.Announce(CacheTopic.For(tx.Tenant, Topic, KeyHash.Read(hash)));
    }

    private async ValueTask<PresentedKey?> WaitAsync(TenantId tenant, ValueTask<KnownKey?> found, string? address) => Judge(tenant, await found, address);

    private PresentedKey? Judge(TenantId tenant, KnownKey? known, string? address)
    {
        if (known is null) return null;
        var now = clock.GetUtcNow();
        // It dies at its time, not when memory is refreshed.
        if (now >= known.Key.EndsAt || !known.Addresses.Admits(address)) return null;
        if (known.IsNewUse(now)) uses.Note(tenant, known.Key.Id, now, address);
        return known.Key;
    }

    private async ValueTask<KnownKey?> LoadAsync(TenantId tenant, KeyHash hash, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        if (await ApiKeyStore.FindBySecretAsync(tx, hash.ToBytes(), ct) is not { } stored) return null;
        return new(Of(stored), AddressList.Read(stored.Addresses));
    }

    private static PresentedKey Of(StoredSecret stored) => new(stored.Key, stored.Owner, stored.Scopes, stored.EndsAt is { } ends && ends < stored.ExpiresAt ? ends : stored.ExpiresAt);

    private sealed class KnownKey(PresentedKey key, AddressList addresses)
    {
        // Of one that is used all the time, one use in half a minute is noted.
        private const long Pause = 30 * TimeSpan.TicksPerSecond;
        private long noted;

        internal PresentedKey Key => key;
        internal AddressList Addresses => addresses;

        internal bool IsNewUse(DateTimeOffset now)
        {
            var last = Interlocked.Read(ref noted);
            return now.UtcTicks >= last + Pause && Interlocked.CompareExchange(ref noted, now.UtcTicks, last) == last;
        }
    }
}
