using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Authorization;

/// <summary>
/// An organization that has owners keeps one who can sign in: the last is neither removed, disabled nor deleted nor loses the role. Only one counts who
/// holds it for good. Whoever would take one away takes turns with the others who do.
/// </summary>
internal sealed class LastOwner(UserDirectory users, TimeProvider clock) : IMembershipGuard, IOrganizationInitializer, IUserGuard
{
    /// <summary>The role of whoever was named as owner.</summary>
    public async ValueTask InitializeAsync(TenantTransaction tx, Organization organization, UserId? owner, CancellationToken ct)
    {
        if (owner is not { } user) return;
        await HeldRoleStore.TryInsertAsync(tx, new(AssignmentId.New(clock), Holder.Of(user), SystemRoles.OrganizationOwner, ScopeOf(organization.Id), null, null, "system", clock.Now()), ct);
        Authority.HoldingChanged(tx, Holder.Of(user));
    }

    public async ValueTask<Problem?> MayRemoveAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct)
    {
        await RoleStore.TakeTurnAsync(tx, $"owners:{organization}", ct);
        var owners = await HeldRoleStore.ListForGoodAsync(tx, SystemRoles.OrganizationOwner, ScopeOf(organization), ct);
        if (!owners.Contains(user)) return null;
        foreach (var other in owners)
            if (other != user && await users.FindAsync(tx, other, ct) is { Status: UserStatus.Active }) return null;
        return Problem.Conflict("last_owner", "She is the last owner of an organization who can sign in. Make somebody else its owner first.");
    }

    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        foreach (var held in (await HeldRoleStore.ListOfAsync(tx, Holder.Of(user), ct)).Where(h => h.Role == SystemRoles.OrganizationOwner).OrderBy(h => h.Scope.Id))
            if (await MayRemoveAsync(tx, new(held.Scope.Id), user, ct) is { } problem) return problem;
        return null;
    }

    internal static RoleScope ScopeOf(OrganizationId organization) => new(ScopeKind.Organization, organization.Value);
}

/// <summary>Nobody removes a member who may do more there than she herself.</summary>
internal sealed class RemovalGuard(GrantGuard guard, TimeProvider clock) : IRemovalGuard
{
    public async ValueTask<Problem?> MayRemoveAsync(TenantTransaction tx, OrganizationId organization, UserId user, Caller caller, CancellationToken ct)
    {
        foreach (var held in await HeldRoleStore.ListOfAsync(tx, Holder.Of(user), ct))
            if (held.Scope == LastOwner.ScopeOf(organization) && await guard.MayGiveAsync(tx, caller, held.Role, held.Scope, clock.GetUtcNow(), ct) is { } refused) return refused;
        return null;
    }
}
