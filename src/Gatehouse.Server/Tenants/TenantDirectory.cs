using Gatehouse.Caching;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tenants;

/// <summary>What later rooms may ask of tenants. Answers from memory; changes arrive within a second everywhere.</summary>
public sealed class TenantDirectory
{
    /// <summary>Topic (<see cref="CacheTopic.All"/>) of everything about a tenant: status, settings, addresses.</summary>
    internal const string Topic = "tenant";

    private const int Capacity = 20_000;
    private readonly record struct Address(string Host, string Path);

    private readonly ISystemDatabase database;
    private readonly string subdomainSuffix;
    private readonly ClockCache<Address, TenantContext> byAddress = new(Capacity);
    private readonly ClockCache<TenantId, TenantContext> byId = new(Capacity);
    private readonly Func<Address, CancellationToken, ValueTask<TenantContext?>> loadByAddress;
    private readonly Func<TenantId, CancellationToken, ValueTask<TenantContext?>> loadById;
    private volatile bool any;

    public TenantDirectory(ISystemDatabase database, IOptions<TenantOptions> options, IChangeFeed feed)
    {
        this.database = database;
        subdomainSuffix = options.Value.BaseDomain.Length == 0 ? "" : "." + options.Value.BaseDomain.ToLowerInvariant();
        (loadByAddress, loadById) = (LoadByAddressAsync, LoadByIdAsync);
        feed.Subscribe(Forget, () => { byAddress.Clear(); byId.Clear(); });
    }

    /// <summary>
    /// Host, then subdomain, then path. A match by path also says how much of the path named the tenant. Suspended tenants are found
    /// too: the caller answers for them.
    /// </summary>
    /// <remarks>
    /// A path <c>/t/{slug}</c> is asked for first where the request has one: it is the longer match of a host that has a tenant of its
    /// own. An address nobody registered is remembered as absent, so a flood of invented hosts does not reach the database twice.
    /// </remarks>
    public async ValueTask<(TenantContext Tenant, string PathBase)?> ResolveAsync(string host, string path, CancellationToken ct)
    {
        host = HostText.Normalize(host);
        if (host.Length == 0) return null;
        if (TenantPath(path) is { } named)
            return await byAddress.GetAsync(new(host, named), loadByAddress, ct) is { } below ? (below, named) : null;
        return await byAddress.GetAsync(new(host, ""), loadByAddress, ct) is { } tenant ? (tenant, "") : null;
    }

    public ValueTask<TenantContext?> FindAsync(TenantId id, CancellationToken ct) => byId.GetAsync(id, loadById, ct);

    /// <summary>The tenant as it is stored, not from memory, and held: its settings do not change before this transaction ends. Null: it is gone.</summary>
    public async ValueTask<TenantContext?> HoldAsync(TenantTransaction tx, CancellationToken ct) => (await TenantStore.HoldAsync(tx, ct))?.ToContext();

    /// <summary>By the name in subdomains and paths; for the command line, not from memory.</summary>
    public async ValueTask<TenantContext?> FindBySlugAsync(string slug, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(ct);
        return (await TenantStore.FindBySlugAsync(tx, slug, ct))?.ToContext();
    }

    /// <summary>
    /// Whether a tenant has or had this name, deleted ones included: applications that still trust the issuer of one that is gone would take whoever has its name for it.
    /// </summary>
    public async ValueTask<bool> WasNamedAsync(string slug, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(ct);
        return await TenantStore.AnyEverAsync(tx, slug, ct);
    }

    /// <summary>Every active tenant's id, oldest first, for background work; a page at a time.</summary>
    public async ValueTask<IReadOnlyList<TenantId>> ListActiveAsync(TenantId? after, int limit, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(ct);
        return await TenantStore.ListActiveAsync(tx, after, limit, ct);
    }

    /// <summary>Every tenant's id, suspended and deleted ones included, oldest first: whose audit there is.</summary>
    public async ValueTask<IReadOnlyList<TenantId>> ListEveryAsync(TenantId? after, int limit, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(ct);
        return await TenantStore.ListEveryAsync(tx, after, limit, ct);
    }

    /// <summary>Whether there is any tenant, deleted ones included: whether the first run is over.</summary>
    public async ValueTask<bool> AnyAsync(CancellationToken ct)
    {
        if (any) return true;
        await using var tx = await database.ReadAsync(ct);
        return any = await TenantStore.AnyAsync(tx, ct);
    }

    /// <summary>Whether <paramref name="ancestor"/> is, or stands above, <paramref name="descendant"/> in the tree.</summary>
    public async ValueTask<bool> IsSelfOrAncestorAsync(TenantId ancestor, TenantId descendant, CancellationToken ct)
    {
        // A tenant's parent never changes and is older than it, so the walk ends.
        for (TenantId? at = descendant; at is { } id; at = (await FindAsync(id, ct))?.ParentId)
            if (id == ancestor) return true;
        return false;
    }

    /// <returns><c>/t/{slug}</c> when the path begins so, else null.</returns>
    private static string? TenantPath(string path)
    {
        if (!path.StartsWith("/t/", StringComparison.Ordinal)) return null;
        var end = path.IndexOf('/', 3);
        return end < 0 ? path : path[..end];
    }

    private async ValueTask<TenantContext?> LoadByAddressAsync(Address address, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(ct);
        var row = await TenantStore.FindByAddressAsync(tx, address.Host, address.Path, ct);
        if (row is null && address.Path.Length == 0 && subdomainSuffix.Length > 0 && address.Host.EndsWith(subdomainSuffix, StringComparison.Ordinal))
        {
            var slug = address.Host[..^subdomainSuffix.Length];
            if (TenantSlug.IsValid(slug)) row = await TenantStore.FindBySlugAsync(tx, slug, ct);
        }
        return row?.ToContext();
    }

    private async ValueTask<TenantContext?> LoadByIdAsync(TenantId id, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(ct);
        return (await TenantStore.FindAsync(tx, id, ct))?.ToContext();
    }

    private void Forget(string topic)
    {
        if (CacheTopic.Names(topic, Topic) is not { } changed) return;
        // Absent addresses go too: one of them may be what the tenant has just been given.
        byAddress.ForgetWhere((_, tenant) => tenant is null || tenant.Id == changed);
        byId.ForgetWhere((id, _) => id == changed);
    }
}
