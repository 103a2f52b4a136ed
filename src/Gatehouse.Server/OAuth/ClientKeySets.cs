using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Gatehouse.Applications;
using Gatehouse.Caching;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.OAuth;

/// <summary>
/// The keys of clients, ready to verify with: those written down with the client, and those fetched from its <c>jwks_uri</c> and kept for a while.
/// However many assertions come in, right or wrong, a client's address is asked at most once in <see cref="Pause"/> by each process.
/// </summary>
internal sealed class ClientKeySets(OutgoingHttp http, TimeProvider clock)
{
    /// <summary>How long fetched keys are good without being looked at again, and how long they are used while their address does not answer.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10), Usable = TimeSpan.FromHours(1), Pause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    // Fetched sets kept in memory, bytes of a document, keys of one that are used, and fetches at the same time over all tenants.
    private const int Capacity = 5_000, MaxBytes = 64 * 1024, MaxKeys = 20, MaxFetches = 32;

    private readonly ConditionalWeakTable<ClientKeys, VerificationKey[]> written = [];
    private readonly ClockCache<(TenantId, ClientId, ClientKeys), Fetched> fetched = new(Capacity);
    private int fetching;

    internal async ValueTask<IReadOnlyList<VerificationKey>> GetAsync(TenantId tenant, ClientId client, ClientKeys keys, CancellationToken ct)
    {
        if (keys.JwksUri is null) return written.GetValue(keys, ReadWritten);
        var entry = await EntryAsync(tenant, client, keys, ct);
        var known = entry.Known;
        return clock.GetUtcNow() < known.At + Fresh ? known.Keys : await RefreshAsync(entry, keys, ct);
    }

    /// <summary>Looks again at the client's address, if nobody did so a moment ago.</summary>
    internal async ValueTask<IReadOnlyList<VerificationKey>> RefreshAsync(TenantId tenant, ClientId client, ClientKeys keys, CancellationToken ct) =>
        await RefreshAsync(await EntryAsync(tenant, client, keys, ct), keys, ct);

    private async ValueTask<Fetched> EntryAsync(TenantId tenant, ClientId client, ClientKeys keys, CancellationToken ct) =>
        (await fetched.GetAsync((tenant, client, keys), static (_, _) => ValueTask.FromResult<Fetched?>(new()), ct))!;

    private async ValueTask<IReadOnlyList<VerificationKey>> RefreshAsync(Fetched entry, ClientKeys keys, CancellationToken ct)
    {
        // One asks, the others wait for what it hears.
        Task asking;
        lock (entry.Gate)
        {
            if (!entry.Asking.IsCompleted)
            {
                asking = entry.Asking;
            }
            else
            {
                var now = clock.GetUtcNow();
                if (now < entry.Tried + Pause) return entry.Known.Keys;
                entry.Tried = now;
                asking = entry.Asking = AskAsync(entry, keys, now);
            }
        }
        await asking.WaitAsync(ct);
        return entry.Known.Keys;
    }

    private async Task AskAsync(Fetched entry, ClientKeys keys, DateTimeOffset now)
    {
        await Task.Yield();                                     // nothing of it under the lock
        if (await FetchAsync(keys) is { } found) entry.Known = new(found, now);
        else if (now >= entry.Known.At + Usable) entry.Known = Known.Nothing;
    }

    // Not cancelled with the request that happens to ask: by hanging up again and again somebody could keep the client's keys from ever arriving.
    private async ValueTask<VerificationKey[]?> FetchAsync(ClientKeys keys)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            if (Interlocked.Increment(ref fetching) > MaxFetches) return null;
            using var request = new HttpRequestMessage(HttpMethod.Get, keys.JwksUri);
            request.Headers.Accept.ParseAdd("application/jwk-set+json, application/json");
            var (status, _, body) = await http.SendAsync(request, MaxBytes, limit.Token);
            // Keys that it cannot use are passed over (RFC 7517 §5); a private one spoils the document, since it is no longer one client's.
            return status == HttpStatusCode.OK && body is not null && JsonWebKeySet.Parse(body).TryGet(out var set, out _) ? [.. keys.Usable(set).Take(MaxKeys)] : null;
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            return null;                                        // nobody there: what is known goes on being used for a while
        }
        finally
        {
            Interlocked.Decrement(ref fetching);
        }
    }

    private static VerificationKey[] ReadWritten(ClientKeys keys) =>
        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(keys.Jwks!)).TryGet(out var set, out _) ? keys.Usable(set)
            : throw new InvalidOperationException("A client has keys that were registered and cannot be read.");

    /// <summary>What a client's address said, and when.</summary>
    private sealed class Fetched
    {
        internal readonly Lock Gate = new();
        internal volatile Known Known = Known.Nothing;

        /// <summary>When its address was last asked, and the asking: under the gate.</summary>
        internal DateTimeOffset Tried = DateTimeOffset.MinValue;
        internal Task Asking = Task.CompletedTask;
    }

    private sealed record Known(IReadOnlyList<VerificationKey> Keys, DateTimeOffset At)
    {
        internal static readonly Known Nothing = new([], DateTimeOffset.MinValue);
    }
}
