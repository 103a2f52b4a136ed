using Gatehouse.Applications;
using Gatehouse.Authorization.Granting;
using Gatehouse.Caching;
using Gatehouse.Groups;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Workspaces;

namespace Gatehouse.Authorization;

/// <summary>A tenant's roles as one graph, with their names.</summary>
internal sealed record RoleBook(RoleGraph Graph, IReadOnlyList<Role> Roles)
{
    private readonly Dictionary<RoleId, Role> byId = Roles.ToDictionary(r => r.Id);
    private readonly Dictionary<string, Role> byKey = Roles.ToDictionary(r => r.Key, StringComparer.Ordinal);

    internal Role? Find(RoleId id) => byId.GetValueOrDefault(id);

    /// <param name="name">Its key or its id.</param>
    internal Role? Find(string? name) => name is null ? null : RoleId.TryParse(name, out var id) ? Find(id) : byKey.GetValueOrDefault(name);

    /// <exception cref="InvalidOperationException">Roles include each other in a ring, which writing them refuses.</exception>
    internal static async ValueTask<RoleBook> ReadAsync(TenantTransaction tx, CancellationToken ct)
    {
        List<Role> roles = [.. SystemRoles.All, .. await RoleStore.ListAsync(tx, ct)];
        return RoleGraph.TryBuild([.. roles.Select(r => r.Definition)], out var graph, out _)
            ? new(graph, roles) : throw new InvalidOperationException($"Roles of {tx.Tenant} include each other in a ring.");
    }
}

/// <summary>What somebody holds; nothing when she is disabled.</summary>
internal sealed record Holding(IReadOnlyList<HeldRole> Roles)
{
    /// <summary>Of a person: those of her organizations that ask for two steps at sign-in, which no key of hers has been through.</summary>
    internal HashSet<Guid> AskingTwoSteps { get; init; } = [];
}

/// <summary>What a key may do at this moment.</summary>
/// <param name="Holder">Whose roles count for it.</param>
/// <param name="Scopes">Those of its scopes that count.</param>
internal sealed record KeyStanding(Holder Holder, IReadOnlyList<string> Scopes);

/// <summary>
/// Who may do what. Answers from memory, which is told of every change in the transaction that makes it; or, within a transaction, from what is
/// written there at this moment.
/// </summary>
public sealed class Authority
{
    internal const string BookTopic = "roles", HoldingTopic = "holding";

    // A book is a few kilobytes for most tenants; a holding some hundred bytes.
    private const int Books = 2_000, HoldingCapacity = 100_000;
    private const string Whole = "all";

    private readonly TenantCache<string, RoleBook> books;
    private readonly TenantCache<Holder, Holding> holdings;
    private readonly IDatabase database;
    private readonly UserDirectory users;
    private readonly ClientDirectory clients;
    private readonly OrganizationDirectory organizations;
    private readonly WorkspaceDirectory workspaces;
    private readonly GroupDirectory groups;
    private readonly IApiKeys keys;
    private readonly TimeProvider clock;
    private readonly Func<TenantId, string, CancellationToken, ValueTask<RoleBook?>> loadBook;
    private readonly Func<TenantId, Holder, CancellationToken, ValueTask<Holding?>> loadHolding;

    public Authority(IDatabase database, IChangeFeed feed, UserDirectory users, ClientDirectory clients, OrganizationDirectory organizations, WorkspaceDirectory workspaces, GroupDirectory groups, IApiKeys keys,
        TimeProvider clock)
    {
        (this.database, this.users, this.clients, this.organizations, this.workspaces, this.groups, this.keys, this.clock) = (database, users, clients, organizations, workspaces, groups, keys, clock);
        books = new(BookTopic, Books, feed);
        holdings = new(HoldingTopic, HoldingCapacity, feed);
        (loadBook, loadHolding) = (LoadBookAsync, LoadHoldingAsync);
    }

    internal async ValueTask<RoleBook> BookAsync(TenantId tenant, CancellationToken ct) =>
        await books.GetAsync(tenant, Whole, loadBook, ct) ?? throw new InvalidOperationException("A tenant has roles.");

    /// <summary>What somebody holds, from memory, also what has not begun or is over.</summary>
    internal async ValueTask<IReadOnlyList<HeldRole>> HeldAsync(TenantId tenant, Holder holder, CancellationToken ct) =>
        (await holdings.GetAsync(tenant, holder, loadHolding, ct))?.Roles ?? [];

    /// <summary>The same as this transaction sees it.</summary>
    internal async ValueTask<IReadOnlyList<HeldRole>> HeldAsync(TenantTransaction tx, Holder holder, CancellationToken ct)
    {
        holder = await WhoseAsync(tx, holder, ct);
        var held = await HeldAsWrittenAsync(tx, holder, ct);
        return held.Exists(h => EndsWithItsPlace(h.Scope)) ? await WithoutEndedAsync(tx, holder, held, ct) : held;
    }

    /// <summary>And what is held for organizations that are disabled: it counts again when they are enabled.</summary>
    internal async ValueTask<List<HeldRole>> HeldAsWrittenAsync(TenantTransaction tx, Holder holder, CancellationToken ct)
    {
        holder = await WhoseAsync(tx, holder, ct);
        List<HeldRole> held = [.. (await HeldRoleStore.ListOfAsync(tx, holder, ct)).Select(a => a.Held())];
        if (holder.Kind == HolderKind.User)
            foreach (var group in await groups.ListOfUserAsync(tx, new UserId(holder.Id), ct))
                held.AddRange((await HeldRoleStore.ListOfAsync(tx, Holder.Of(group), ct)).Select(a => a.Held(group.Value)));
        // A client may have been made an administrator where it is registered: that is the same role, given without a row.
        if (holder.Kind == HolderKind.Client && await clients.FindAsync(tx, new ClientId(holder.Id), ct) is { Administrator: true })
            held.Add(new(SystemRoles.Administrator.Value, RoleScope.Tenant, null, null, null, Guid.Empty));
        return held;
    }

    private static bool EndsWithItsPlace(RoleScope scope) => scope.Kind is ScopeKind.Organization or ScopeKind.Workspace;

    /// <summary>A key of a user or a client acts with the roles of its owner.</summary>
    private async ValueTask<Holder> WhoseAsync(TenantTransaction tx, Holder holder, CancellationToken ct) =>
        holder.Kind != HolderKind.ApiKey ? holder : await FindOwnerAsync(tx, new ApiKeyId(holder.Id), ct) switch
        {
            { Kind: KeyOwnerKind.User } owner => new(HolderKind.User, owner.Id),
            { Kind: KeyOwnerKind.Client } owner => new(HolderKind.Client, owner.Id),
            _ => holder,
        };

    /// <summary>Whose roles count for a key at this moment; null when it has ended, or its owner is gone or disabled.</summary>
    internal async ValueTask<KeyStanding?> FindStandingAsync(TenantTransaction tx, PresentedKey key, CancellationToken ct)
    {
        switch (key.Owner.Kind)
        {
            case KeyOwnerKind.User:
                return await users.FindAsync(tx, new UserId(key.Owner.Id), ct) is { Status: UserStatus.Active } ? new(Holder.Of(key), key.Scopes) : null;
            case KeyOwnerKind.Client:
                return await clients.FindAsync(tx, new ClientId(key.Owner.Id), ct) is { Enabled: true } client ? new(Holder.Of(key), Carried(key, client)) : null;
            default:
                return await organizations.FindAsync(tx, new OrganizationId(key.Owner.Id), ct) is { Status: OrganizationStatus.Active } ? new(Holder.Of(key), key.Scopes) : null;
        }
    }

    /// <summary>The same of a key by its id.</summary>
    internal async ValueTask<KeyStanding?> FindStandingAsync(TenantTransaction tx, ApiKeyId key, CancellationToken ct) =>
        await keys.FindAsync(tx, key, ct) is { } found ? await FindStandingAsync(tx, found, ct) : null;

    /// <summary>The scopes that count of a key, from memory.</summary>
    internal async ValueTask<IReadOnlyList<string>> CarriedAsync(TenantId tenant, PresentedKey key, CancellationToken ct) =>
        key.Owner.Kind != KeyOwnerKind.Client ? key.Scopes : await clients.FindAsync(tenant, new ClientId(key.Owner.Id), ct) is { Enabled: true } client ? Carried(key, client) : [];

    // One of a client has none of the management API that the client itself may not ask for.
    private static string[] Carried(PresentedKey key, Client client) => [.. key.Scopes.Where(s => !ScopeName.Management.Contains(s) || client.Scopes.Contains(s, StringComparer.Ordinal))];

    /// <summary>Whose a key is; null when it has ended.</summary>
    internal async ValueTask<KeyOwner?> FindOwnerAsync(TenantTransaction tx, ApiKeyId key, CancellationToken ct) => (await keys.FindAsync(tx, key, ct))?.Owner;

    private async ValueTask<HashSet<Guid>> ListAskingTwoStepsAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        [.. (await organizations.ListOfUserAsync(tx, user, ct)).Where(o => o.Settings.RequiresSecondFactor).Select(o => o.Id.Value)];

    /// <summary>What somebody holds, from memory; null of who is not there or disabled.</summary>
    internal ValueTask<Holding?> HoldingAsync(TenantId tenant, Holder holder, CancellationToken ct) => holdings.GetAsync(tenant, holder, loadHolding, ct);

    /// <summary>Leaves out what is held for an organization that is disabled or a workspace that is archived, or to which she does not belong.</summary>
    private async ValueTask<IReadOnlyList<HeldRole>> WithoutEndedAsync(TenantTransaction tx, Holder holder, List<HeldRole> held, CancellationToken ct)
    {
        HashSet<Guid> counting = [];
        if (holder.Kind == HolderKind.User)
            counting.UnionWith((await organizations.ListOfUserAsync(tx, new UserId(holder.Id), ct)).Where(o => o.Status == OrganizationStatus.Active).Select(o => o.Id.Value));
        else
            foreach (var id in held.Where(h => h.Scope.Kind == ScopeKind.Organization).Select(h => h.Scope.Id).Distinct())
                if (await organizations.FindAsync(tx, new OrganizationId(id), ct) is { Status: OrganizationStatus.Active }) counting.Add(id);
        foreach (var id in held.Where(h => h.Scope.Kind == ScopeKind.Workspace).Select(h => h.Scope.Id).Distinct())
            if (await workspaces.FindAsync(tx, new WorkspaceId(id), ct) is { Status: WorkspaceStatus.Active } workspace && await CountsAsync(tx, holder, workspace, counting, ct)) counting.Add(id);
        held.RemoveAll(h => EndsWithItsPlace(h.Scope) && !counting.Contains(h.Scope.Id));
        return held;
    }

    private async ValueTask<bool> CountsAsync(TenantTransaction tx, Holder holder, Workspace workspace, HashSet<Guid> organizationsOfUser, CancellationToken ct) =>
        holder.Kind == HolderKind.User
            ? (workspace.Organization is not { } hers || organizationsOfUser.Contains(hers.Value)) && await workspaces.IsMemberAsync(tx, workspace.Id, new UserId(holder.Id), ct)
            : workspace.Organization is not { } whose || await organizations.FindAsync(tx, whose, ct) is { Status: OrganizationStatus.Active };

    /// <summary>Whether somebody may do something, from memory. Of who is not there or disabled: no.</summary>
    internal async ValueTask<bool> PermitsAsync(TenantId tenant, Holder holder, string permission, Place place, CancellationToken ct) =>
        await holdings.GetAsync(tenant, holder, loadHolding, ct) is { Roles.Count: > 0 } holding
        && (await BookAsync(tenant, ct)).Graph.Permit(holding.Roles, permission, place, clock.GetUtcNow());

    /// <summary>Whether a person may do something in the tenant as a whole.</summary>
    public ValueTask<bool> PermitsAsync(TenantId tenant, UserId user, string permission, CancellationToken ct) => PermitsAsync(tenant, Holder.Of(user), permission, default, ct);

    /// <summary>Whether a client may do something in the tenant as a whole.</summary>
    public ValueTask<bool> PermitsAsync(TenantId tenant, ClientId client, string permission, CancellationToken ct) => PermitsAsync(tenant, Holder.Of(client), permission, default, ct);

    /// <summary>After commit every process reads the tenant's roles anew.</summary>
    internal static void RolesChanged(TenantTransaction tx) => tx.Announce(CacheTopic.All(tx.Tenant, BookTopic));

    /// <summary>After commit every process reads anew what this holder holds; of a group: what everybody holds.</summary>
    internal static void HoldingChanged(TenantTransaction tx, Holder holder) =>
        tx.Announce(holder.Kind == HolderKind.Group ? CacheTopic.All(tx.Tenant, HoldingTopic) : CacheTopic.For(tx.Tenant, HoldingTopic, holder));

    /// <summary>Everybody's, where many at once gain or lose something.</summary>
    internal static void HoldingsChanged(TenantTransaction tx) => tx.Announce(CacheTopic.All(tx.Tenant, HoldingTopic));

    private async ValueTask<RoleBook?> LoadBookAsync(TenantId tenant, string whole, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        return await RoleBook.ReadAsync(tx, ct);
    }

    private async ValueTask<Holding?> LoadHoldingAsync(TenantId tenant, Holder holder, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        var there = holder.Kind switch
        {
            HolderKind.User => await users.FindAsync(tx, new UserId(holder.Id), ct) is { Status: UserStatus.Active },
            HolderKind.Client => await clients.FindAsync(tx, new ClientId(holder.Id), ct) is { Enabled: true },
            // A key that acts with its owner's roles has none to remember: they are remembered as the owner's.
            HolderKind.ApiKey => (await FindStandingAsync(tx, new ApiKeyId(holder.Id), ct))?.Holder == holder,
            _ => true,
        };
        if (!there) return null;
        var held = await HeldAsync(tx, holder, ct);
        return new(held) { AskingTwoSteps = holder.Kind == HolderKind.User && held.Any(h => EndsWithItsPlace(h.Scope)) ? await ListAskingTwoStepsAsync(tx, new(holder.Id), ct) : [] };
    }
}
