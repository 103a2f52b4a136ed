using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Groups.Rules;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Groups;

/// <summary><c>PUT, DELETE /api/v1/groups/{group}/members/{user}</c>, also below an organization. Whoever is in a group holds its roles, so it takes who may give and take those.</summary>
internal static class ChangeMembers
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        const string own = "/groups/{group}/members/{user}", theirs = "/organizations/{organization}" + own;
        api.MapPut(own, AddAsync).RequireFreshProof().WithName("groups.members.add").WithSummary("Put a user into a group").RequirePermission(Scopes.GroupsWrite);
        api.MapDelete(own, RemoveAsync).WithName("groups.members.remove").WithSummary("Take a user out of a group").RequirePermission(Scopes.GroupsWrite);
        api.MapPut(theirs, AddAsync).RequireFreshProof().WithName("organizations.groups.members.add").WithSummary("Put a member into a group of an organization").RequirePermission(Scopes.GroupsWrite).InOrganization();
        api.MapDelete(theirs, RemoveAsync).WithName("organizations.groups.members.remove").WithSummary("Take a member out of a group of an organization").RequirePermission(Scopes.GroupsWrite).InOrganization();
    }

    /// <returns>204, also when she is in it already; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>group_not_found</c>; 409 <c>groups_of_user_too_many</c>; 422 <c>group_member_invalid</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> AddAsync(GroupPlace place, string group, string user, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, GroupDirectory groups, OrganizationDirectory organizations, UserDirectory users, IGroupGuard guard, AuditLog audit, EventOutbox events, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        // The organization first, then the user, as everywhere: neither goes before the row is there.
        if (found.Organization is { } owner && !await organizations.HoldAsync(tx, owner, ct)) return GroupProblems.NotFound.ToHttp();
        if (!UserId.TryParse(user, out var id) || !await users.HoldAsync(tx, id, ct)
            || (found.Organization is { } whose && !await organizations.IsMemberAsync(tx, whose, id, ct))) return GroupProblems.UserUnfit.ToHttp();
        await GroupStore.TakeTurnAsync(tx, ct);
        if (await guard.MayChangeAsync(tx, await groups.ListWithOuterAsync(tx, found.Id, ct), caller, ct) is { } escalation) return escalation.ToHttp();
        if (await GroupStore.CountOfUserAsync(tx, id, ct) >= GroupRules.MaxOfUser) return Problem.Conflict("groups_of_user_too_many", $"A user is in at most {GroupRules.MaxOfUser} groups.").ToHttp();
        if (!await GroupStore.TryAddMemberAsync(tx, found.Id, id, clock.Now(), ct)) return TypedResults.NoContent();
        await audit.AppendAsync(tx, GroupAudit.Of("group.member_added", found, caller, facts, ("user", id.ToString())), ct);
        await events.PublishAsync(tx, new GroupsOfUserChanged(id), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>group_not_found</c>, <c>group_member_not_found</c>; 409 <c>group_member_by_rule</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(GroupPlace place, string group, string user, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, GroupDirectory groups, IGroupGuard guard, AuditLog audit, EventOutbox events, CancellationToken ct)
    {
        if (!UserId.TryParse(user, out var id)) return GroupProblems.MemberNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, await groups.ListWithOuterAsync(tx, found.Id, ct), caller, ct) is { } escalation) return escalation.ToHttp();
        if (!await GroupStore.TryRemoveMemberAsync(tx, found.Id, id, ct)) return (await RuleStore.IsMemberAsync(tx, found.Id, id, ct) ? GroupProblems.MemberByRule : GroupProblems.MemberNotFound).ToHttp();
        await audit.AppendAsync(tx, GroupAudit.Of("group.member_removed", found, caller, facts, ("user", id.ToString())), ct);
        await events.PublishAsync(tx, new GroupsOfUserChanged(id), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
