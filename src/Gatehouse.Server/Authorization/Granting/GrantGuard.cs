using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Workspaces;

namespace Gatehouse.Authorization.Granting;

/// <summary>
/// Nobody gives what she does not hold. Whoever gives a role, or changes what one permits, holds all that it permits where it is given, and of our own
/// permissions her token carries the scopes too. Whoever sets somebody's password or address could sign in as her, so the same is asked there of
/// all that she holds.
/// </summary>
internal sealed class GrantGuard(Authority authority, WorkspaceDirectory workspaces, TimeProvider clock) : ICallerGuard
{
    private static readonly HeldRole administratorRole = new(SystemRoles.Administrator.Value, RoleScope.Tenant, null, null, null, Guid.Empty);

    public async ValueTask<Problem?> MayChangeAsync(TenantTransaction tx, UserId target, Caller caller, CancellationToken ct)
    {
        if (await IsOwnerAsync(tx, caller, new(KeyOwnerKind.User, target.Value), ct)) return OwnersCredentials;
        return await MayReachAsync(tx, await authority.HeldAsWrittenAsync(tx, Holder.Of(target), ct), caller, ct);
    }

    /// <summary>The same of what she holds in this scope alone.</summary>
    internal async ValueTask<Problem?> MayReachAsync(TenantTransaction tx, UserId target, RoleScope scope, Caller caller, CancellationToken ct) =>
        await MayReachAsync(tx, [.. (await authority.HeldAsWrittenAsync(tx, Holder.Of(target), ct)).Where(h => h.Scope == scope)], caller, ct);

    public async ValueTask<Problem?> MayActAsAsync(TenantTransaction tx, ClientId client, bool administrator, Caller caller, CancellationToken ct)
    {
        if (await IsOwnerAsync(tx, caller, new(KeyOwnerKind.Client, client.Value), ct)) return OwnersCredentials;
        var held = await authority.HeldAsWrittenAsync(tx, Holder.Of(client), ct);
        return await MayReachAsync(tx, administrator ? [.. held, administratorRole] : held, caller, ct);
    }

    public async ValueTask<bool> CoversAsync(TenantTransaction tx, UserId person, string permission, UserId other, CancellationToken ct)
    {
        var book = await RoleBook.ReadAsync(tx, ct);
        var own = await authority.HeldAsync(tx, Holder.Of(person), ct);
        var now = clock.GetUtcNow();
        if (!book.Graph.Permit(own, permission, default, now)) return false;
        foreach (var role in await authority.HeldAsWrittenAsync(tx, Holder.Of(other), ct))
            if (!(role.EndsAt <= now) && !book.Graph.Cover(Lasting(own, role.EndsAt), role.Role, await PlaceOfAsync(tx, role.Scope, ct), now)) return false;
        return true;
    }

    private async ValueTask<Problem?> MayReachAsync(TenantTransaction tx, List<HeldRole> held, Caller caller, CancellationToken ct)
    {
        if (held.Count == 0) return null;
        var (book, own) = await StandingAsync(tx, caller, ct);
        var now = clock.GetUtcNow();
        foreach (var role in held)
            if (!(role.EndsAt <= now) && Check(book, own, caller, role.Role, await PlaceOfAsync(tx, role.Scope, ct), role.EndsAt, now) is { } problem) return problem;
        return null;
    }

    /// <summary>Whether this caller may give, or take, this role there.</summary>
    /// <param name="endsAt">Until when it is given: what she holds for a time she gives for no longer.</param>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    internal async ValueTask<Problem?> MayGiveAsync(TenantTransaction tx, Caller caller, RoleId role, RoleScope scope, DateTimeOffset? endsAt, CancellationToken ct)
    {
        var (book, own) = await StandingAsync(tx, caller, ct);
        return Check(book, own, caller, role.Value, await PlaceOfAsync(tx, scope, ct), endsAt, clock.GetUtcNow());
    }

    /// <summary>Whether this caller may let a key do this until then.</summary>
    /// <param name="own">The key is to be her own: it asks for her roles wherever she holds them.</param>
    internal async ValueTask<Problem?> MayScopeAsync(TenantTransaction tx, Caller caller, IReadOnlyList<string> scopes, bool own, OrganizationId? organization, DateTimeOffset until, CancellationToken ct)
    {
        foreach (var scope in scopes)
            if (LacksScope(caller, scope)) return ScopeEscalation;
        if (own) return null;
        var (book, held) = await StandingAsync(tx, caller, ct);
        if (held is null) return caller.Until < until ? Escalation : null;
        Place place = organization is { } where ? new(where.Value, null, null) : default;
        var (lasting, now) = (Lasting(held, until), clock.GetUtcNow());
        return scopes.All(s => book.Graph.Permit(lasting, s, place, now)) ? null : Escalation;
    }

    private async ValueTask<bool> IsOwnerAsync(TenantTransaction tx, Caller caller, KeyOwner target, CancellationToken ct) =>
        caller.Kind == "api_key" && caller.HomeTenant == tx.Tenant && ApiKeyId.TryParse(caller.Id, out var key) && await authority.FindOwnerAsync(tx, key, ct) == target;

    /// <summary>Whether this caller may let a role permit this from now on: those who hold it may hold it anywhere.</summary>
    internal async ValueTask<Problem?> MayAddAsync(TenantTransaction tx, Caller caller, IReadOnlyCollection<string> permissions, IReadOnlyCollection<RoleId> includes, CancellationToken ct)
    {
        if (permissions.Count == 0 && includes.Count == 0) return null;
        var (book, own) = await StandingAsync(tx, caller, ct);
        var now = clock.GetUtcNow();
        foreach (var permission in permissions)
        {
            if (LacksScope(caller, permission)) return ScopeEscalation;
            if (own is null ? caller.Until is not null : !book.Graph.Permit(Lasting(own, null), permission, default, now)) return Escalation;
        }
        foreach (var role in includes)
            if (Check(book, own, caller, role.Value, default, null, now) is { } problem) return problem;
        return null;
    }

    /// <returns>What the caller holds here; null for one of a tenant above, who was let in because she may do everything.</returns>
    private async ValueTask<(RoleBook Book, IReadOnlyList<HeldRole>? Own)> StandingAsync(TenantTransaction tx, Caller caller, CancellationToken ct)
    {
        var book = await RoleBook.ReadAsync(tx, ct);
        return caller.HomeTenant == tx.Tenant ? (book, Holder.Parse(caller.Id) is { } holder ? await authority.HeldAsync(tx, holder, ct) : []) : (book, null);
    }

    /// <param name="endsAt">Until when it is given, or held by whom the caller would reach: for longer than that she holds it herself.</param>
    private static Problem? Check(RoleBook book, IReadOnlyList<HeldRole>? own, Caller caller, Guid role, Place place, DateTimeOffset? endsAt, DateTimeOffset now)
    {
        // All that there ever will be is more than any list of scopes.
        if (caller.Kind == "api_key" && book.Graph.PermitsEverything(role)) return ScopeEscalation;
        IEnumerable<string> permitted = book.Graph.PermitsEverything(role) ? Scopes.All : book.Graph.PermissionsOf(role);
        foreach (var permission in permitted)
            if (LacksScope(caller, permission)) return ScopeEscalation;
        if (own is null) return caller.Until is { } until && !(endsAt <= until) ? Escalation : null;
        return book.Graph.Cover(Lasting(own, endsAt), role, place, now) ? null : Escalation;
    }

    private static List<HeldRole> Lasting(IReadOnlyList<HeldRole> own, DateTimeOffset? endsAt) => [.. own.Where(h => h.EndsAt is not { } end || end >= endsAt)];

    private static bool LacksScope(Caller caller, string permission) =>
        // A key is bound by its scopes in everything; a token's scopes speak of the management API only.
        (caller.Kind == "api_key" || Applications.ScopeName.Management.Contains(permission)) && !caller.Scopes.Contains(permission, StringComparer.Ordinal);

    // What lies in an organization is hers too who holds it there.
    private async ValueTask<Place> PlaceOfAsync(TenantTransaction tx, RoleScope scope, CancellationToken ct) => scope.Kind switch
    {
        ScopeKind.Organization => new(scope.Id, null, null),
        ScopeKind.Workspace => new((await workspaces.FindAsync(tx, new(scope.Id), ct))?.Organization?.Value, scope.Id, null),
        ScopeKind.Application => new(null, null, scope.Id),
        _ => default,
    };

    private static Problem OwnersCredentials { get; } = Problem.Forbidden("api_key_not_allowed", "An API key does not change by what its owner proves herself.");

    private static Problem ScopeEscalation { get; } =
        Problem.Forbidden("scope_escalation", "This concerns permissions of the management API that your own token does not carry as scopes.");

    internal static Problem Escalation { get; } =
        Problem.Forbidden("permission_escalation", "This concerns permissions that you do not hold there yourself. Nobody gives, takes or reaches what she does not hold.");
}
