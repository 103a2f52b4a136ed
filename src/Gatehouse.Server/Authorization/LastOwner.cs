using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Workspaces;

namespace Gatehouse.Authorization;

/// <summary>
/// An organization or workspace that has owners keeps one who can sign in: the last is neither removed, disabled nor deleted nor loses the role. Only one counts who
/// holds it for good. Whoever would take one away takes turns with the others who do.
/// </summary>
internal sealed class LastOwner(UserDirectory users, WorkspaceDirectory workspaces, TimeProvider clock) : IMembershipGuard, IOrganizationInitializer, IUserGuard
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
        if (await CheckLastAsync(tx, organization.ToString(), SystemRoles.OrganizationOwner, ScopeOf(organization), user, "an organization", ct) is { } last) return last;
        // Whoever leaves an organization leaves its workspaces.
        foreach (var held in await OwnedAsync(tx, user, SystemRoles.WorkspaceOwner, ct))
            if (await workspaces.FindAsync(tx, new(held.Scope.Id), ct) is { } workspace && workspace.Organization == organization && await MayLeaveAsync(tx, workspace.Id, user, ct) is { } problem) return problem;
        return null;
    }

    /// <summary>Whether somebody may leave a workspace, or lose its ownership. Her personal one she takes with her.</summary>
    internal async ValueTask<Problem?> MayLeaveAsync(TenantTransaction tx, WorkspaceId workspace, UserId user, CancellationToken ct) =>
        await workspaces.FindAsync(tx, workspace, ct) is { PersonalOf: { } owner } && owner == user ? null
        : await CheckLastAsync(tx, workspace.ToString(), SystemRoles.WorkspaceOwner, WorkspaceRoles.ScopeOf(workspace), user, "a workspace", ct);

    private static async ValueTask<List<Assignment>> OwnedAsync(TenantTransaction tx, UserId user, RoleId role, CancellationToken ct) =>
        [.. (await HeldRoleStore.ListOfAsync(tx, Holder.Of(user), ct)).Where(h => h.Role == role).OrderBy(h => h.Scope.Id)];

    private async ValueTask<Problem?> CheckLastAsync(TenantTransaction tx, string turn, RoleId role, RoleScope scope, UserId user, string what, CancellationToken ct)
    {
        await RoleStore.TakeTurnAsync(tx, $"owners:{turn}", ct);
        var owners = await HeldRoleStore.ListForGoodAsync(tx, role, scope, ct);
        if (!owners.Contains(user)) return null;
        foreach (var other in owners)
            if (other != user && await users.FindAsync(tx, other, ct) is { Status: UserStatus.Active }) return null;
        return Problem.Conflict("last_owner", $"She is the last owner of {what} who can sign in. Make somebody else its owner first.");
    }

    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        foreach (var held in await OwnedAsync(tx, user, SystemRoles.OrganizationOwner, ct))
            if (await CheckLastAsync(tx, new OrganizationId(held.Scope.Id).ToString(), SystemRoles.OrganizationOwner, held.Scope, user, "an organization", ct) is { } problem) return problem;
        foreach (var held in await OwnedAsync(tx, user, SystemRoles.WorkspaceOwner, ct))
            if (await MayLeaveAsync(tx, new(held.Scope.Id), user, ct) is { } problem) return problem;
        return null;
    }

    internal static RoleScope ScopeOf(OrganizationId organization) => new(ScopeKind.Organization, organization.Value);
}

/// <summary>Nobody removes a member who may do more there than she herself, by a role of her own or through a group of that organization.</summary>
internal sealed class RemovalGuard(GrantGuard guard) : IRemovalGuard
{
    public ValueTask<Problem?> MayRemoveAsync(TenantTransaction tx, OrganizationId organization, UserId user, Caller caller, CancellationToken ct) =>
        guard.MayReachAsync(tx, user, LastOwner.ScopeOf(organization), caller, ct);
}
