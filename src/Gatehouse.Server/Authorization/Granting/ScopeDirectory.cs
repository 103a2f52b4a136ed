using Gatehouse.Applications;
using Gatehouse.Groups;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization.Granting;

/// <summary>Whether there is what a role is to be held for, and whether the holder belongs there.</summary>
internal sealed class ScopeDirectory(ClientDirectory clients, OrganizationDirectory organizations, GroupDirectory groups)
{
    /// <returns>Null; 422 <c>scope_unknown</c>, <c>holder_not_member</c>.</returns>
    internal async ValueTask<Problem?> CheckAsync(TenantTransaction tx, RoleScope scope, Holder holder, CancellationToken ct)
    {
        // A group of an organization is its administrators' to fill: what it holds ends where the organization ends.
        if (holder.Kind == HolderKind.Group && await groups.FindAsync(tx, new GroupId(holder.Id), ct) is { Organization: { } whose } && scope != new RoleScope(ScopeKind.Organization, whose.Value))
            return Problem.Invalid("holder_not_member", "A group of an organization holds roles in that organization only.", "holder");
        return await CheckThereAsync(tx, scope, holder, ct);
    }

    private async ValueTask<Problem?> CheckThereAsync(TenantTransaction tx, RoleScope scope, Holder holder, CancellationToken ct) => scope.Kind switch
    {
        ScopeKind.Tenant => null,
        ScopeKind.Organization => await CheckOrganizationAsync(tx, new(scope.Id), holder, ct),
        ScopeKind.Application when await clients.FindAsync(tx, new ClientId(scope.Id), ct) is not null => null,
        _ => Problem.Invalid("scope_unknown", "This tenant has no such organization, workspace or application.", ScopeText.Of(scope.Kind)),
    };

    // Held, so that it is not deleted, nor she removed, before the role is there.
    private async ValueTask<Problem?> CheckOrganizationAsync(TenantTransaction tx, OrganizationId organization, Holder holder, CancellationToken ct) =>
        !await organizations.HoldAsync(tx, organization, ct) ? Problem.Invalid("scope_unknown", "This tenant has no such organization, workspace or application.", "organization")
        : holder.Kind == HolderKind.User && !await organizations.IsMemberAsync(tx, organization, new(holder.Id), ct)
            ? Problem.Invalid("holder_not_member", "She does not belong to that organization. Add or invite her first.", "holder") : null;
}
