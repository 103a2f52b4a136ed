using Gatehouse.Applications;
using Gatehouse.Groups;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Workspaces;

namespace Gatehouse.Authorization.Granting;

/// <summary>Whether there is what a role is to be held for, and whether the holder belongs there.</summary>
internal sealed class ScopeDirectory(Authority authority, ClientDirectory clients, OrganizationDirectory organizations, WorkspaceDirectory workspaces, WorkspaceMembership memberships, GroupDirectory groups)
{
    /// <returns>Null; 422 <c>scope_unknown</c>, <c>holder_not_member</c>.</returns>
    internal async ValueTask<Problem?> CheckAsync(TenantTransaction tx, RoleScope scope, Holder holder, CancellationToken ct)
    {
        // A group of an organization is its administrators' to fill: what it holds ends where the organization ends.
        if (holder.Kind == HolderKind.Group && await groups.FindAsync(tx, new GroupId(holder.Id), ct) is { Organization: { } whose } && scope != new RoleScope(ScopeKind.Organization, whose.Value)
            && !(scope.Kind == ScopeKind.Workspace && (await workspaces.FindAsync(tx, new(scope.Id), ct))?.Organization == whose))
            return Problem.Invalid("holder_not_member", "A group of an organization holds roles in that organization and its workspaces only.", "holder");
        if (holder.Kind == HolderKind.ApiKey && await authority.FindOwnerAsync(tx, new ApiKeyId(holder.Id), ct) is { } owner && scope != new RoleScope(ScopeKind.Organization, owner.Id))
            return Problem.Invalid("holder_not_member", "A key holds roles in the organization whose it is, and nowhere else.", "holder");
        return await CheckThereAsync(tx, scope, holder, ct);
    }

    /// <summary>
    /// Whether the administrators of an organization or of a workspace may speak of this holder: its members, and groups of the organization. The tenant's applications and
    /// groups are not theirs to change, and what these hold decides who may manage them.
    /// </summary>
    /// <returns>Null; 422 <c>holder_not_member</c>.</returns>
    internal async ValueTask<Problem?> CheckBelongsAsync(TenantTransaction tx, RoleScope scope, Holder holder, CancellationToken ct) => scope.Kind switch
    {
        ScopeKind.Organization => await BelongsAsync(tx, new OrganizationId(scope.Id), holder, ct) ? null : NotMember,
        ScopeKind.Workspace => await BelongsAsync(tx, new WorkspaceId(scope.Id), holder, ct) ? null : NotOfWorkspace,
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope.Kind, "Only organizations and workspaces have administrators of their own."),
    };

    private async ValueTask<bool> BelongsAsync(TenantTransaction tx, OrganizationId organization, Holder holder, CancellationToken ct) => holder.Kind switch
    {
        HolderKind.User => await organizations.IsMemberAsync(tx, organization, new(holder.Id), ct),
        HolderKind.Group => await groups.FindAsync(tx, new GroupId(holder.Id), ct) is { Organization: { } whose } && whose == organization,
        HolderKind.ApiKey => (await authority.FindOwnerAsync(tx, new ApiKeyId(holder.Id), ct))?.Organization == organization,
        _ => false,
    };

    private async ValueTask<bool> BelongsAsync(TenantTransaction tx, WorkspaceId workspace, Holder holder, CancellationToken ct) => holder.Kind switch
    {
        HolderKind.User => await workspaces.IsMemberAsync(tx, workspace, new(holder.Id), ct),
        HolderKind.Group => await groups.FindAsync(tx, new GroupId(holder.Id), ct) is { Organization: { } whose } && (await workspaces.FindAsync(tx, workspace, ct))?.Organization == whose,
        _ => false,
    };

    private static Problem NotOfWorkspace { get; } = Problem.Invalid("holder_not_member", "The holder is no member of that workspace and no group of its organization. Add her first.", "holder");

    private static Problem NotMember { get; } = Problem.Invalid("holder_not_member", "The holder is no member and no group of that organization. Add or invite her first.", "holder");

    private async ValueTask<Problem?> CheckThereAsync(TenantTransaction tx, RoleScope scope, Holder holder, CancellationToken ct) => scope.Kind switch
    {
        ScopeKind.Tenant => null,
        ScopeKind.Organization => await CheckOrganizationAsync(tx, new(scope.Id), holder, ct),
        ScopeKind.Workspace => await CheckWorkspaceAsync(tx, new(scope.Id), holder, ct),
        ScopeKind.Application when await clients.FindAsync(tx, new ClientId(scope.Id), ct) is not null => null,
        _ => Problem.Invalid("scope_unknown", "This tenant has no such organization, workspace or application.", ScopeText.Of(scope.Kind)),
    };

    private async ValueTask<Problem?> CheckWorkspaceAsync(TenantTransaction tx, WorkspaceId workspace, Holder holder, CancellationToken ct) =>
        await memberships.HoldAsync(tx, workspace, ct) is null ? Problem.Invalid("scope_unknown", "This tenant has no such organization, workspace or application.", "workspace")
        : holder.Kind == HolderKind.User && !await workspaces.IsMemberAsync(tx, workspace, new(holder.Id), ct)
            ? NotOfWorkspace : null;

    // Held, so that it is not deleted, nor she removed, before the role is there.
    private async ValueTask<Problem?> CheckOrganizationAsync(TenantTransaction tx, OrganizationId organization, Holder holder, CancellationToken ct) =>
        !await organizations.HoldAsync(tx, organization, ct) ? Problem.Invalid("scope_unknown", "This tenant has no such organization, workspace or application.", "organization")
        : holder.Kind == HolderKind.User && !await organizations.IsMemberAsync(tx, organization, new(holder.Id), ct)
            ? NotMember : null;
}
