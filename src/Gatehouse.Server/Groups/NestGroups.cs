using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Groups;

/// <summary><c>PUT, DELETE /api/v1/groups/{group}/groups/{inner}</c>, also below an organization: members of the inner group are members of the outer one. A ring is refused.</summary>
internal static class NestGroups
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        const string own = "/groups/{group}/groups/{inner}", theirs = "/organizations/{organization}" + own;
        api.MapPut(own, AddAsync).RequireFreshProof().WithName("groups.groups.add").WithSummary("Put a group into a group").RequirePermission(Scopes.GroupsWrite);
        api.MapDelete(own, RemoveAsync).WithName("groups.groups.remove").WithSummary("Take a group out of a group").RequirePermission(Scopes.GroupsWrite);
        api.MapPut(theirs, AddAsync).RequireFreshProof().WithName("organizations.groups.groups.add").WithSummary("Put a group into a group of an organization").RequirePermission(Scopes.GroupsWrite).InOrganization();
        api.MapDelete(theirs, RemoveAsync).WithName("organizations.groups.groups.remove").WithSummary("Take a group out of a group of an organization").RequirePermission(Scopes.GroupsWrite).InOrganization();
    }

    /// <returns>204, also when it is in it already; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>group_not_found</c>; 409 <c>group_cycle</c>, <c>groups_inner_too_many</c>, <c>groups_too_deep</c>; 422 <c>group_elsewhere</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> AddAsync(GroupPlace place, string group, string inner, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, IGroupGuard guard, AuditLog audit, EventOutbox events, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await GroupStore.TakeTurnAsync(tx, ct);
        if (await place.FindAsync(tx, group, ct) is not { } outer || await place.FindAsync(tx, inner, ct) is not { } held) return GroupProblems.NotFound.ToHttp();
        // A group of one organization never gets members who do not belong to it; the tenant's own may hold anybody's.
        if (outer.Organization is not null && held.Organization != outer.Organization)
            return Problem.Invalid("group_elsewhere", "A group of an organization holds groups of that organization only.").ToHttp();
        var nestings = await GroupStore.ListNestingsAsync(tx, GroupRules.MaxNestings + 1, ct);
        if (nestings.Count >= GroupRules.MaxNestings) return TooDeep.ToHttp();
        var tree = new GroupTree(nestings);
        if (held.Id == outer.Id || tree.Above(outer.Id).Contains(held.Id)) return Problem.Conflict("group_cycle", "The inner group holds the outer one already: they would hold each other in a ring.").ToHttp();
        if (await guard.MayChangeAsync(tx, [outer.Id, .. tree.Above(outer.Id)], caller, ct) is { } escalation) return escalation.ToHttp();
        tree.Add(outer.Id, held.Id);
        if (tree.InnerOf(outer.Id).Count > GroupRules.MaxInner) return Problem.Conflict("groups_inner_too_many", $"A group holds at most {GroupRules.MaxInner} groups itself.").ToHttp();
        if (tree.Levels(outer.Id) > GroupRules.MaxDepth || tree.Below(held.Id).Append(held.Id).Any(g => tree.Above(g).Count > GroupRules.MaxAbove)) return TooDeep.ToHttp();
        if (!await GroupStore.TryNestAsync(tx, outer.Id, held.Id, clock.Now(), ct)) return TypedResults.NoContent();
        await audit.AppendAsync(tx, GroupAudit.Of("group.group_added", outer, caller, facts, ("inner", held.Id.ToString())), ct);
        await events.PublishAsync(tx, new GroupNestingChanged(outer.Id, held.Id), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>group_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(GroupPlace place, string group, string inner, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, GroupDirectory groups, IGroupGuard guard, AuditLog audit, EventOutbox events, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await GroupStore.TakeTurnAsync(tx, ct);
        if (await place.FindAsync(tx, group, ct) is not { } outer || await place.FindAsync(tx, inner, ct) is not { } held) return GroupProblems.NotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, await groups.ListWithOuterAsync(tx, outer.Id, ct), caller, ct) is { } escalation) return escalation.ToHttp();
        if (!await GroupStore.TryUnnestAsync(tx, outer.Id, held.Id, ct)) return GroupProblems.NotFound.ToHttp();
        await audit.AppendAsync(tx, GroupAudit.Of("group.group_removed", outer, caller, facts, ("inner", held.Id.ToString())), ct);
        await events.PublishAsync(tx, new GroupNestingChanged(outer.Id, held.Id), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static Problem TooDeep { get; } =
        Problem.Conflict("groups_too_deep", $"Groups hold each other at most {GroupRules.MaxDepth} deep, at most {GroupRules.MaxAbove} groups hold one, and a tenant has at most {GroupRules.MaxNestings} groups in groups.");
}
