using Gatehouse.Authorization.Granting;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>Why somebody has a role or may do something.</summary>
/// <param name="Assignment">Null for a client that was registered as administrator.</param>
/// <param name="Roles">Keys: the role that is held, and those it includes on the way.</param>
/// <param name="Group">The group through which it is held.</param>
/// <param name="Scope"><c>tenant</c>, <c>organization</c>, <c>workspace</c> or <c>application</c>.</param>
public sealed record HeldThrough(AssignmentId? Assignment, IReadOnlyList<string> Roles, GroupId? Group, string Scope, string? ScopeId, DateTimeOffset? EndsAt);

/// <summary>What somebody holds at one place at one moment. Immutable.</summary>
public sealed class RolesAt
{
    private readonly RoleBook book;
    private readonly List<HeldRole> held;

    internal RolesAt(RoleBook book, List<HeldRole> held) => (this.book, this.held) = (book, held);

    /// <summary>Keys of the roles that are held here, in ordinal order, each with why.</summary>
    /// <param name="included">Also those that a held role includes.</param>
    /// <param name="scope">Only what is held for this kind of place; null: any.</param>
    public SortedDictionary<string, List<HeldThrough>> ListRoles(bool included, string? scope)
    {
        SortedDictionary<string, List<HeldThrough>> roles = new(StringComparer.Ordinal);
        foreach (var own in held)
        {
            if (book.Find(new RoleId(own.Role)) is not { } role || (scope is not null && ScopeText.Of(own.Scope.Kind) != scope)) continue;
            foreach (var id in included ? book.Graph.WithIncluded(own.Role) : [own.Role])
                if (book.Find(new RoleId(id)) is { } reached) Add(roles, reached.Key, own, id == own.Role ? [role.Key] : [role.Key, reached.Key]);
        }
        return roles;
    }

    /// <summary>Which of these permissions are held here, in ordinal order, each with why.</summary>
    public SortedDictionary<string, List<HeldThrough>> ListPermissions(IEnumerable<string> names)
    {
        SortedDictionary<string, List<HeldThrough>> permissions = new(StringComparer.Ordinal);
        foreach (var name in names)
            foreach (var own in held)
                if (book.Graph.Explain(own.Role, name) is { Count: > 0 } chain) Add(permissions, name, own, [.. chain.Select(r => book.Find(new RoleId(r))!.Key)]);
        return permissions;
    }

    private static void Add(SortedDictionary<string, List<HeldThrough>> to, string name, HeldRole own, IReadOnlyList<string> roles)
    {
        if (!to.TryGetValue(name, out var reasons)) to.Add(name, reasons = []);
        reasons.Add(new(own.Assignment == Guid.Empty ? null : new AssignmentId(own.Assignment), roles, own.Group is { } through ? new GroupId(through) : null,
            ScopeText.Of(own.Scope.Kind), ScopeText.IdOf(own.Scope), own.EndsAt));
    }
}

/// <summary>What people and clients hold, for rooms that tell applications of it.</summary>
public sealed class RolesHere(Authority authority, TimeProvider clock)
{
    /// <summary>What is in force now for this application, in this organization or in none.</summary>
    /// <param name="user">Null: the client itself.</param>
    public async ValueTask<RolesAt> FindAsync(TenantTransaction tx, UserId? user, ClientId client, OrganizationId? organization, CancellationToken ct)
    {
        var place = new Place(organization?.Value, null, client.Value);
        var now = clock.GetUtcNow();
        var held = await authority.HeldAsync(tx, user is { } person ? Holder.Of(person) : Holder.Of(client), ct);
        return new(await authority.BookAsync(tx.Tenant, ct), [.. held.Where(h => place.IsWithin(h.Scope) && h.IsInForce(now))]);
    }

#pragma warning disable CA1822 // asked as one thing, like the other directories
    /// <summary>Names of the permissions that an API registered.</summary>
    public async ValueTask<IReadOnlyList<string>> ListNamesAsync(TenantTransaction tx, ApiId api, CancellationToken ct) => [.. (await PermissionStore.ListOfAsync(tx, api, ct)).Select(p => p.Name)];
#pragma warning restore CA1822
}
