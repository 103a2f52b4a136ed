using Gatehouse.Caching;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Applications;

/// <summary>Clients and APIs for the doors, from memory when nothing changed.</summary>
public sealed class ClientDirectory
{
    /// <summary>The most APIs a tenant may have: they are kept in memory as one set.</summary>
    public const int MaxApis = 500;

    internal const string ClientTopic = "client", ApisTopic = "apis";

    // 20,000 clients of perhaps 2 kB: 40 MB at the very most, in a process that serves thousands of tenants.
    private const int ClientCapacity = 20_000, ApisCapacity = 5_000;
    private const string WholeSet = "all";

    private readonly TenantCache<ClientId, KnownClient> clients;
    private readonly TenantCache<string, IReadOnlyList<Api>> apis;
    private readonly IDatabase database;
    private readonly TimeProvider clock;
    private readonly Func<TenantId, ClientId, CancellationToken, ValueTask<KnownClient?>> loadClient;
    private readonly Func<TenantId, string, CancellationToken, ValueTask<IReadOnlyList<Api>?>> loadApis;

    public ClientDirectory(IDatabase database, IChangeFeed feed, TimeProvider clock)
    {
        (this.database, this.clock) = (database, clock);
        clients = new(ClientTopic, ClientCapacity, feed);
        apis = new(ApisTopic, ApisCapacity, feed);
        (loadClient, loadApis) = (LoadClientAsync, LoadApisAsync);
    }

    /// <summary>The client, enabled or not, with the secrets that are good now.</summary>
    public async ValueTask<Client?> FindAsync(TenantId tenant, ClientId id, CancellationToken ct) =>
        (await clients.GetAsync(tenant, id, loadClient, ct))?.At(clock);

    /// <summary>All APIs of a tenant (bounded: at most 500, and the account API), oldest first.</summary>
    public async ValueTask<IReadOnlyList<Api>> ListApisAsync(TenantId tenant, CancellationToken ct) =>
        await apis.GetAsync(tenant, WholeSet, loadApis, ct) ?? [];

    /// <summary>A page of clients, newest first, straight from the database.</summary>
    /// <param name="namePrefix">Only those whose name begins with it, whatever the case; null for all.</param>
    public async ValueTask<Page<Client>> ListAsync(TenantTransaction tx, PageRequest page, string? namePrefix, CancellationToken ct) =>
        page.ToPage(await ClientStore.ListAsync(tx, page.Limit + 1, page.After, namePrefix, ct), c => c.Id.Value);

    /// <summary>The client inside a transaction, so that what is decided on it holds when it commits conditionally.</summary>
    public ValueTask<Client?> FindAsync(TenantTransaction tx, ClientId id, CancellationToken ct) => ClientStore.FindAsync(tx, id, ct);

    /// <summary>A client's secrets, oldest first: at most two.</summary>
    public ValueTask<List<ClientSecret>> ListSecretsAsync(TenantTransaction tx, ClientId id, CancellationToken ct) => ClientStore.ListSecretsAsync(tx, id, ct);

    private async ValueTask<KnownClient?> LoadClientAsync(TenantId tenant, ClientId id, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        if (await ClientStore.FindAsync(tx, id, ct) is not { } client) return null;
        return new KnownClient(client, await ClientStore.ListSecretsAsync(tx, id, ct));
    }

    private async ValueTask<IReadOnlyList<Api>?> LoadApisAsync(TenantId tenant, string set, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        return AccountApi.AddTo(await ApiStore.ListAllAsync(tx, ct));
    }

    /// <summary>A client in memory with its secrets' end: a secret dies at its time, not when the memory is next refreshed.</summary>
    private sealed class KnownClient(Client client, List<ClientSecret> secrets)
    {
        private readonly Client whole = client with { SecretHashes = [.. secrets.Select(s => s.Hash)] };
        private readonly DateTimeOffset firstEnd = secrets.Min(s => s.ExpiresAt) ?? DateTimeOffset.MaxValue;

        internal Client At(TimeProvider clock)
        {
            var now = clock.GetUtcNow();
            return now < firstEnd ? whole : whole with { SecretHashes = [.. secrets.Where(s => s.ExpiresAt is not { } end || now < end).Select(s => s.Hash)] };
        }
    }
}
