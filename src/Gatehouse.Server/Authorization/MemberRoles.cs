using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>Roles that come with a membership: of an invitation, for example. Who names them holds them in the organization herself, for good, also at the moment when they are given.</summary>
internal sealed class MemberRoles(GrantGuard guard, Giving giving, IJobAuthority authority) : IMemberRoles
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

    public async ValueTask<IReadOnlyList<string>> GrantAsync(TenantTransaction tx, OrganizationId organization, UserId user, IReadOnlyList<string> roles, Caller? promisedBy, CancellationToken ct)
    {
        if (roles.Count == 0 || promisedBy is null || await authority.FindAsync(promisedBy, tx.Tenant, organization, Scopes.InvitationsWrite, ct) is not { } caller) return [];
        var book = await RoleBook.ReadAsync(tx, ct);
        List<string> given = [];
        foreach (var key in roles)
            if (book.Find(key) is { } role)
            {
                // What keeps one from being given keeps nobody from becoming a member.
                var made = await giving.GiveAsync(tx, new(Holder.Of(user), role, LastOwner.ScopeOf(organization), null, null), caller, RequestFacts.None, ct);
                if (made.TryGet(out _, out var problem) || problem.Code == "assignment_exists") given.Add(key);
            }
        return given;
    }
}
