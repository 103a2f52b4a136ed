using Gatehouse.Protocols.Jose;

namespace Gatehouse.Keys;

/// <summary>
/// A tenant's live keys in memory. Answers by the time asked for, not by the state stored: a key whose time has come signs, and one whose
/// time is over is no longer published, even when the background job that writes it down is late.
/// </summary>
internal sealed class TenantKeySet(IReadOnlyList<TenantKeySet.Entry> entries)
{
    /// <param name="Signing">Null for a key that signs no more.</param>
    internal sealed record Entry(KeyState State, string Algorithm, DateTimeOffset ActivatesAt, DateTimeOffset? RetiresAt, JsonWebKey Public, ActiveKey? Signing);

    private sealed record Published(JsonWebKeySet Keys, byte[] Document, DateTimeOffset Until);

    private volatile Published? published;

    internal ActiveKey? FindActive(string algorithm, DateTimeOffset now)
    {
        ActiveKey? active = null;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Signing is null || entry.Algorithm != algorithm) continue;
            if (entry.State == KeyState.Next && entry.ActivatesAt <= now) return entry.Signing;
            if (entry.State == KeyState.Active) active = entry.Signing;
        }
        return active;
    }

    internal JsonWebKeySet VerificationKeys(DateTimeOffset now) => Publish(now).Keys;

    internal ReadOnlyMemory<byte> Document(DateTimeOffset now) => Publish(now).Document;

    private Published Publish(DateTimeOffset now)
    {
        if (published is { } current && now < current.Until) return current;
        var until = DateTimeOffset.MaxValue;
        var keys = new List<JsonWebKey>(entries.Count);
        foreach (var entry in entries)
        {
            if (entry.RetiresAt <= now) continue;
            if (entry.RetiresAt < until) until = entry.RetiresAt.Value;
            keys.Add(entry.Public);
        }
        var set = new JsonWebKeySet(keys);
        return published = new(set, set.ToUtf8Json(), until);
    }
}
