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

/// <summary><c>GET /api/v1/groups</c>, <c>/groups/{group}</c>, <c>/groups/{group}/members</c>, <c>/groups/{group}/groups</c>, each also below an organization; <c>GET /users/{user}/groups</c>.</summary>
internal static class ReadGroups
{
    // Ids follow the time they were made at.
    private static readonly ListShape<Group> Shape = new(
        group => group.Id.Value, [new("created_at")],
        [
            ListField<Group>.Exact("id", g => g.Id.ToString()),
            ListField<Group>.Exact("organization", g => g.Organization?.ToString()),
            ListField<Group>.Text("name", g => g.Name),
            ListField<Group>.Text("description", g => g.Description),
            ListField<Group>.Time("created_at", g => g.CreatedAt),
            ListField<Group>.Time("updated_at", g => g.UpdatedAt),
        ]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/groups", ListAsync).WithName("groups.list").WithSummary("List groups").RequirePermission(Scopes.GroupsRead).Lists(Shape);
        api.MapGet("/groups/{group}", GetAsync).WithName("groups.get").WithSummary("Get a group").RequirePermission(Scopes.GroupsRead);
        api.MapGet("/groups/{group}/members", ListMembersAsync).WithName("groups.members.list").WithSummary("List who is in a group itself").RequirePermission(Scopes.GroupsRead);
        api.MapGet("/groups/{group}/groups", ListInnerAsync).WithName("groups.groups.list").WithSummary("List the groups in a group").RequirePermission(Scopes.GroupsRead);
        api.MapGet("/users/{user}/groups", ListOfUserAsync).WithName("users.groups.list").WithSummary("List a user's groups").RequirePermission(Scopes.GroupsRead);
        const string own = "/organizations/{organization}/groups";
        api.MapGet(own, ListAsync).WithName("organizations.groups.list").WithSummary("List an organization's groups").RequirePermission(Scopes.GroupsRead).InOrganization().Lists(Shape);
        api.MapGet(own + "/{group}", GetAsync).WithName("organizations.groups.get").WithSummary("Get a group of an organization").RequirePermission(Scopes.GroupsRead).InOrganization();
        api.MapGet(own + "/{group}/members", ListMembersAsync).WithName("organizations.groups.members.list").WithSummary("List who is in a group of an organization").RequirePermission(Scopes.GroupsRead).InOrganization();
        api.MapGet(own + "/{group}/groups", ListInnerAsync).WithName("organizations.groups.groups.list").WithSummary("List the groups in a group of an organization").RequirePermission(Scopes.GroupsRead).InOrganization();
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<GroupView>>, ProblemHttpResult>> ListAsync(GroupPlace place, HttpContext http, TenantContext tenant, IDatabase database, Lists lists, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        if (place.IsUnreadable) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var answer = await query.ReadAsync((after, limit) => GroupStore.ListAsync(tx, place.Organization, query.Descending, after?.Id, limit, ct));
        return TypedResults.Ok(new Page<GroupView>([.. answer.Items.Select(GroupView.Of)], answer.Next));
    }

    /// <returns>200; 404 <c>group_not_found</c>.</returns>
    internal static async Task<Results<Ok<GroupView>, ProblemHttpResult>> GetAsync(GroupPlace place, string group, TenantContext tenant, IDatabase database, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(GroupView.Of(found));
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>group_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<GroupMemberView>>, ProblemHttpResult>> ListMembersAsync(GroupPlace place, string group, string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        return TypedResults.Ok(page.ToPage(await GroupStore.ListMembersAsync(tx, found.Id, page.After, page.Limit + 1, ct), m => m.User.Value));
    }

    /// <summary>At most 100 there are.</summary>
    /// <returns>200; 404 <c>group_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<GroupView>>, ProblemHttpResult>> ListInnerAsync(GroupPlace place, string group, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        return TypedResults.Ok(new Page<GroupView>(await DescribeAsync(tx, await GroupStore.ListInnerAsync(tx, found.Id, ct), ct), null));
    }

    /// <summary>Those she is in by herself and those that hold one of them.</summary>
    /// <returns>200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<GroupView>>, ProblemHttpResult>> ListOfUserAsync(string user, TenantContext tenant, IDatabase database, UserDirectory users, GroupDirectory groups, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!UserId.TryParse(user, out var id) || await users.FindAsync(tx, id, ct) is null) return Problem.NotFound("user_not_found", "This tenant has no such user.").ToHttp();
        return TypedResults.Ok(new Page<GroupView>(await DescribeAsync(tx, await groups.ListOfUserAsync(tx, id, ct), ct), null));
    }

    private static async ValueTask<List<GroupView>> DescribeAsync(TenantTransaction tx, IReadOnlyList<GroupId> ids, CancellationToken ct)
    {
        List<GroupView> views = [];
        foreach (var id in ids)
            if (await GroupStore.FindAsync(tx, id, ct) is { } found) views.Add(GroupView.Of(found));
        return views;
    }
}
