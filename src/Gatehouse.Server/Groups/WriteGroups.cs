using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Groups.Rules;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Groups;

/// <summary>
/// <c>POST /api/v1/groups</c>, <c>PATCH, DELETE /api/v1/groups/{group}</c>: the tenant's own; the same below <c>/organizations/{organization}</c> for an
/// organization's, which its own administrators may call.
/// </summary>
internal static class WriteGroups
{
    /// <param name="Name">1 to 100 characters; unique among the tenant's own groups, or the organization's.</param>
    internal sealed record Request(string? Name, string? Description);

    /// <summary>Members that a patch may have; what is left out stays.</summary>
    internal sealed record Patch(string? Name, string? Description);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/groups", CreateAsync).WithName("groups.create").WithSummary("Create a group").RequirePermission(Scopes.GroupsWrite).Idempotent();
        api.MapPatch("/groups/{group}", UpdateAsync).WithName("groups.update").WithSummary("Change a group").RequirePermission(Scopes.GroupsWrite).Accepts<Patch>("application/merge-patch+json", "application/json");
        api.MapDelete("/groups/{group}", DeleteAsync).WithName("groups.delete").WithSummary("Delete a group").RequirePermission(Scopes.GroupsWrite);
        const string own = "/organizations/{organization}/groups";
        api.MapPost(own, CreateAsync).WithName("organizations.groups.create").WithSummary("Create a group of an organization").RequirePermission(Scopes.GroupsWrite).InOrganization().Idempotent();
        api.MapPatch(own + "/{group}", UpdateAsync).WithName("organizations.groups.update").WithSummary("Change a group of an organization").RequirePermission(Scopes.GroupsWrite).InOrganization()
            .Accepts<Patch>("application/merge-patch+json", "application/json");
        api.MapDelete(own + "/{group}", DeleteAsync).WithName("organizations.groups.delete").WithSummary("Delete a group of an organization").RequirePermission(Scopes.GroupsWrite).InOrganization();
    }

    /// <returns>201; 404 <c>organization_not_found</c>; 409 <c>group_name_taken</c>, <c>groups_too_many</c>; 422 <c>name_invalid</c>, <c>description_invalid</c>.</returns>
    internal static async Task<Results<Created<GroupView>, ProblemHttpResult>> CreateAsync(GroupPlace place, Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, OrganizationDirectory organizations, AuditLog audit, EventOutbox events, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var now = clock.Now();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Held, so that the organization is not deleted before its group is there.
        if (place.IsUnreadable || (place.Organization is { } owner && !await organizations.HoldAsync(tx, owner, ct))) return OrganizationProblems.NotFound.ToHttp();
        var wanted = new Group(GroupId.New(clock), place.Organization, (request.Name ?? "").Trim(), (request.Description ?? "").Trim(), 1, now, now);
        if (GroupRules.Check(wanted.Name, wanted.Description) is { } problem) return problem.ToHttp();
        // Read, then written: two callers at once may pass the bound by one each, which does not matter.
        if (await GroupStore.CountAsync(tx, ct) >= GroupRules.MaxGroups) return Problem.Conflict("groups_too_many", $"A tenant has at most {GroupRules.MaxGroups} groups.").ToHttp();
        if (!await GroupStore.TryInsertAsync(tx, wanted, ct)) return GroupProblems.NameTaken.ToHttp();
        await audit.AppendAsync(tx, GroupAudit.Of("group.created", wanted, caller, facts), ct);
        await events.PublishAsync(tx, new GroupCreated(wanted.Id), ct);
        await tx.CommitAsync(ct);
        ETags.Set(http, wanted.Version);
        return TypedResults.Created(tenant.Url(place.PathOf(wanted.Id)), GroupView.Of(wanted));
    }

    /// <returns>200; 400 <c>body_invalid</c>; 404 <c>group_not_found</c>; 409 <c>group_name_taken</c>; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>member_invalid</c>, <c>name_invalid</c>, <c>description_invalid</c>.</returns>
    internal static async Task<Results<Ok<GroupView>, ProblemHttpResult>> UpdateAsync(GroupPlace place, string group, MergePatch patch, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, AuditLog audit, EventOutbox events, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (patch.Expect("name", "description") is { } unfit) return unfit.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, group, ct) is not { } before) return GroupProblems.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        var wanted = before with { Name = patch.Text("name", before.Name).Trim(), Description = patch.Text("description", before.Description).Trim() };
        if ((patch.Problem ?? GroupRules.Check(wanted.Name, wanted.Description)) is { } problem) return problem.ToHttp();
        var now = clock.Now();
        if (!await GroupStore.TryUpdateAsync(tx, wanted, now, ct))
            return (await place.FindAsync(tx, group, ct) is { } there && there.Version == wanted.Version ? GroupProblems.NameTaken : ETags.Changed).ToHttp();
        await audit.AppendAsync(tx, GroupAudit.Of("group.updated", wanted, caller, facts), ct);
        await events.PublishAsync(tx, new GroupUpdated(wanted.Id), ct);
        await tx.CommitAsync(ct);
        wanted = wanted with { Version = wanted.Version + 1, UpdatedAt = now };
        ETags.Set(http, wanted.Version);
        return TypedResults.Ok(GroupView.Of(wanted));
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>group_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(GroupPlace place, string group, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, GroupDirectory groups, IGroupGuard guard, AuditLog audit, EventOutbox events, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await GroupStore.TakeTurnAsync(tx, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        if ((ETags.Check(http, found.Version) ?? await guard.MayChangeAsync(tx, await groups.ListWithOuterAsync(tx, found.Id, ct), caller, ct)) is { } refused) return refused.ToHttp();
        await events.PublishAsync(tx, new GroupDeleted(found.Id), ct);
        await RuleStore.DeleteAsync(tx, found.Id, ct);
        if (!await GroupStore.TryDeleteAsync(tx, found.Id, ct)) return GroupProblems.NotFound.ToHttp();
        await audit.AppendAsync(tx, GroupAudit.Of("group.deleted", found, caller, facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
