using System.Collections.Concurrent;
using System.Globalization;
using Gatehouse.Authorization;
using Gatehouse.Caching;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>
/// Which self-contained access tokens no longer count (RFC 7009 §2): by a token's own id, or by its grant's for all of a family. Each
/// process holds a tenant's denials in memory once it was asked about that tenant; a new one arrives inside its announcement, so that no
/// question ever waits for the database again. Only what has not expired is held.
/// </summary>
internal sealed class AccessTokenDenials : IAccessTokenRevocation
{
    private const string Topic = "denied-token";
    private const int LoadPage = 1000;

    private readonly ConcurrentDictionary<TenantId, Denials> tenants = new();
    private readonly IDatabase database;
    private readonly TimeProvider clock;

    public AccessTokenDenials(IDatabase database, IChangeFeed feed, TimeProvider clock)
    {
        (this.database, this.clock) = (database, clock);
        feed.Subscribe(Hear, tenants.Clear);
    }

    /// <summary>Ends a token (its <c>jti</c>) or all tokens of a grant (its id), in the transaction that decides it.</summary>
    /// <param name="until">When the last token concerned will have expired by itself.</param>
    internal static async ValueTask DenyAsync(TenantTransaction tx, string id, DateTimeOffset until, CancellationToken ct)
    {
        await DenialStore.InsertAsync(tx, id, until, ct);
        tx.Announce($"{tx.Tenant}:{Topic}:{until.ToUnixTimeSeconds()}.{id}");
    }

    public ValueTask<bool> IsRevokedAsync(TenantId tenant, string jti, string? grant, CancellationToken ct)
    {
        if (tenants.TryGetValue(tenant, out var denials) && denials.Loaded.IsCompletedSuccessfully) return new(denials.Has(jti, grant));
        return LoadThenAskAsync(tenant, jti, grant, ct);
    }

    private async ValueTask<bool> LoadThenAskAsync(TenantId tenant, string jti, string? grant, CancellationToken ct)
    {
        // The set is in place, hearing announcements, before the first row is read: what is committed during the load is in one or the other.
        var mine = new Denials();
        var denials = tenants.GetOrAdd(tenant, mine);
        if (ReferenceEquals(denials, mine)) mine.Begin(LoadAsync(tenant, mine));
        await denials.Loaded.WaitAsync(ct);
        return denials.Has(jti, grant);
    }

    private async Task LoadAsync(TenantId tenant, Denials denials)
    {
        var complete = false;
        try
        {
            // No caller's cancellation: others wait for the same answer.
            await using var tx = await database.ReadAsync(tenant, CancellationToken.None);
            var after = "";
            while (true)
            {
                var page = await DenialStore.ListLiveAsync(tx, after, clock.Now(), LoadPage, CancellationToken.None);
                foreach (var (id, expires) in page) denials.Add(id, expires.ToUnixTimeSeconds(), clock.GetUtcNow().ToUnixTimeSeconds());
                if (page.Count < LoadPage) break;
                after = page[^1].Id;
            }
            complete = true;
        }
        finally
        {
            if (!complete) tenants.TryRemove(new(tenant, denials));
        }
    }

    private void Hear(string topic)
    {
        if (CacheTopic.Names(topic, Topic) is not { } tenant || !tenants.TryGetValue(tenant, out var denials)) return;
        var said = topic.AsSpan(topic.IndexOf($":{Topic}:", StringComparison.Ordinal) + Topic.Length + 2);
        var dot = said.IndexOf('.');
        if (dot > 0 && long.TryParse(said[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var until))
            denials.Add(said[(dot + 1)..].ToString(), until, clock.GetUtcNow().ToUnixTimeSeconds());
    }

    /// <summary>One tenant's, as id → when it may be forgotten.</summary>
    private sealed class Denials
    {
        private readonly ConcurrentDictionary<string, long> ids = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int sweepAt = 1024;

        internal Task Loaded => loaded.Task;

        internal void Begin(Task load) => load.ContinueWith(static (done, state) =>
        {
            var loaded = (TaskCompletionSource)state!;
            if (done.IsFaulted) loaded.SetException(done.Exception.InnerExceptions);
            else loaded.SetResult();
        }, loaded, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        internal bool Has(string jti, string? grant) => !ids.IsEmpty && (ids.ContainsKey(jti) || (grant is not null && ids.ContainsKey(grant)));

        internal void Add(string id, long until, long now)
        {
            ids[id] = until;
            if (ids.Count < sweepAt) return;
            foreach (var (old, end) in ids)
                if (end < now) ids.TryRemove(new(old, end));
            sweepAt = Math.Max(1024, ids.Count * 2);
        }
    }
}
