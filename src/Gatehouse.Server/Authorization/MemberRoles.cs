using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>Roles that come with a membership: of an invitation, for example. Who names them holds them in the organization herself, for good.</summary>
internal sealed class MemberRoles(GrantGuard guard, TimeProvider clock) : IMemberRoles
{
    public async ValueTask<Problem?> MayGrantAsync(TenantTransaction tx, OrganizationId organization, IReadOnlyList<string> roles, Caller caller, CancellationToken ct)
    {
        if (roles.Count == 0) return null;
        var book = await RoleBook.ReadAsync(tx, ct);
        foreach (var key in roles)
        {
            if (book.Find(key) is not { } role || !role.AssignableAt.Contains(ScopeKind.Organization))
                return Problem.Invalid("roles_unknown", "There is no such role that may be held in an organization.", "roles");
            if (await guard.MayGiveAsync(tx, caller, role.Id, LastOwner.ScopeOf(organization), null, ct) is { } escalation) return escalation;
        }
        return null;
    }

    public async ValueTask GrantAsync(TenantTransaction tx, OrganizationId organization, UserId user, IReadOnlyList<string> roles, CancellationToken ct)
    {
        if (roles.Count == 0) return;
        var book = await RoleBook.ReadAsync(tx, ct);
        foreach (var key in roles)
            if (book.Find(key) is { } role && role.AssignableAt.Contains(ScopeKind.Organization))
                await HeldRoleStore.TryInsertAsync(tx, new(AssignmentId.New(clock), Holder.Of(user), role.Id, LastOwner.ScopeOf(organization), null, null, "system", clock.Now()), ct);
        Authority.HoldingChanged(tx, Holder.Of(user));
    }
}
