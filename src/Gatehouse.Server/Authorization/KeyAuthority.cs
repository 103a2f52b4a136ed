using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>
/// What an API key may do: its scopes, as far as its owner may do the same now. A key of a user or a client acts with the roles of its owner; one of an
/// organization holds roles itself, there and nowhere else.
/// </summary>
public sealed class KeyAuthority
{
    // More than a tenant can have registered.
    private const int MaxOffered = 6_000;

    private readonly Authority authority;
    private readonly GrantGuard guard;
    private readonly Giving giving;
    private readonly TimeProvider clock;

    internal KeyAuthority(Authority authority, GrantGuard guard, Giving giving, TimeProvider clock) => (this.authority, this.guard, this.giving, this.clock) = (authority, guard, giving, clock);

    /// <summary>What the key may do now, from memory: in its organization, or in the tenant. Null when its owner may do nothing any more.</summary>
    /// <param name="organization">For a key of a user or a client: what it may do there instead.</param>
    public async ValueTask<IReadOnlyList<string>?> PermittedAsync(TenantId tenant, PresentedKey key, OrganizationId? organization, CancellationToken ct)
    {
        if (await authority.HoldingAsync(tenant, Holder.Of(key), ct) is not { } holding) return null;
        if (key.Owner.Organization is { } own && organization is { } other && own != other) return [];
        var graph = (await authority.BookAsync(tenant, ct)).Graph;
        Place place = (key.Owner.Organization ?? organization) is { } where ? new(where.Value, null, null) : default;
        var now = clock.GetUtcNow();
        List<string> permitted = new(key.Scopes.Count);
        // Where two steps are asked for, a person's key has no more than she has everywhere: it has been through neither.
        if (place.Organization is { } asking && holding.AskingTwoSteps.Contains(asking)) place = default;
        foreach (var scope in await authority.CarriedAsync(tenant, key, ct))
            if (graph.Permit(holding.Roles, scope, place, now)) permitted.Add(scope);
        return permitted;
    }

    /// <summary>Whether this caller may make, or change, a key of this owner with these scopes until then: it does nothing that she could not give.</summary>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 422 <c>scope_unknown</c>.</returns>
    public async ValueTask<Problem?> MayMakeAsync(TenantTransaction tx, Caller caller, KeyOwner owner, IReadOnlyList<string> scopes, DateTimeOffset until, CancellationToken ct)
    {
        foreach (var scope in scopes)
            if (!Applications.ScopeName.Management.Contains(scope) && !await PermissionStore.ExistsAsync(tx, scope, ct))
                return Problem.Invalid("scope_unknown", "A scope of a key is a permission of the management API, or one that an API of this tenant registered.", "scopes");
        if (owner.Kind == KeyOwnerKind.User && await guard.MayChangeAsync(tx, new UserId(owner.Id), caller, ct) is { } overHer) return overHer;
        if (owner.Kind == KeyOwnerKind.Client && await guard.MayActAsAsync(tx, new ClientId(owner.Id), administrator: false, caller, ct) is { } overIt) return overIt;
        // Her own key never does more than she, wherever she may do it: it asks for her roles each time.
        var own = caller.HomeTenant == tx.Tenant && caller.Id == owner.IdText;
        return await guard.MayScopeAsync(tx, caller, scopes, own, owner.Organization, until, ct);
    }

    /// <summary>What a person may let a key of her own do: all that she may do anywhere now, in ordinal order. Null: she may make none, for which she holds here what the management API asks for it.</summary>
    public async ValueTask<IReadOnlyList<string>?> FindOfferAsync(TenantTransaction tx, UserId person, CancellationToken ct)
    {
        var (book, now) = (await RoleBook.ReadAsync(tx, ct), clock.GetUtcNow());
        List<HeldRole> held = [.. (await authority.HeldAsync(tx, Holder.Of(person), ct)).Where(h => h.IsInForce(now))];
        if (!book.Graph.Permit(held, Scopes.ApiKeysWrite, default, now)) return null;
        var names = held.Exists(h => book.Graph.PermitsEverything(h.Role))
            ? (await PermissionStore.ListAsync(tx, "", MaxOffered, ct)).Select(p => p.Name).Concat(Scopes.All)
            : held.SelectMany(h => book.Graph.PermissionsOf(h.Role));
        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <returns>Null; 403 <c>permission_escalation</c>.</returns>
    public static Problem? CheckWithin(IReadOnlyList<string> scopes, IReadOnlyList<string> offered) => scopes.All(s => offered.Contains(s, StringComparer.Ordinal)) ? null : GrantGuard.Escalation;

    /// <summary>Gives a new key of an organization its roles there.</summary>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 422 <c>role_unknown</c>, <c>role_not_assignable</c>.</returns>
    public async ValueTask<Problem?> GiveAsync(TenantTransaction tx, OrganizationId organization, ApiKeyId key, IReadOnlyList<string> roles, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        if (roles.Count == 0) return null;
        var book = await RoleBook.ReadAsync(tx, ct);
        foreach (var name in roles)
        {
            if (book.Find(name) is not { } role) return Problem.Invalid("role_unknown", "This tenant has no such role.", "roles");
            if (!(await giving.GiveAsync(tx, new(Holder.Of(key), role, LastOwner.ScopeOf(organization), null, null), caller, facts, ct)).TryGet(out _, out var problem)) return problem;
        }
        return null;
    }

    /// <summary>A key that has ended holds nothing.</summary>
    public async ValueTask ForgetAsync(TenantTransaction tx, ApiKeyId key, CancellationToken ct)
    {
        await HeldRoleStore.DeleteOfAsync(tx, Holder.Of(key), ct);
        Authority.HoldingChanged(tx, Holder.Of(key));
    }
}
