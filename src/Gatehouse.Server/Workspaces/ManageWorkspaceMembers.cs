using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces;

/// <summary>A member as the management API shows one.</summary>
/// <param name="Email">Her primary address.</param>
internal sealed record WorkspaceMemberView(UserId User, string? DisplayName, string? Email, UserStatus Status, DateTimeOffset JoinedAt);

/// <summary><c>/api/v1/workspaces/{workspace}/members</c>: who belongs to it.</summary>
internal static class ManageWorkspaceMembers
{
    /// <param name="User">Whom to add.</param>
    /// <param name="Roles">Keys of roles that she gets there; left out: the workspace's <c>default_roles</c>.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? User, IReadOnlyList<string>? Roles = null);

    private static readonly ListShape<WorkspaceMember> Shape = new(
        member => member.UserId.Value, [new("joined_at", m => m.JoinedAt)],
        [ListField<WorkspaceMember>.Exact("user", m => m.UserId.ToString()), ListField<WorkspaceMember>.Time("joined_at", m => m.JoinedAt)]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        const string members = "/workspaces/{workspace}/members";
        // Into a workspace of the tenant's own only who may everywhere: by an id alone its own administrators would learn who somebody is.
        api.MapPost(members, AddAsync).WithName("workspaces.members.add").WithSummary("Add a member to a workspace").RequirePermission(Scopes.MembersWrite).InWorkspace(onlyOfOrganization: true).RequireFreshProof().Idempotent();
        api.MapGet(members, ListAsync).WithName("workspaces.members.list").WithSummary("List a workspace's members").RequirePermission(Scopes.MembersRead).InWorkspace().Lists(Shape);
        api.MapGet(members + "/{user}", GetAsync).WithName("workspaces.members.get").WithSummary("Get a member of a workspace").RequirePermission(Scopes.MembersRead).InWorkspace();
        api.MapDelete(members + "/{user}", RemoveAsync).WithName("workspaces.members.remove").WithSummary("Remove a member from a workspace").RequirePermission(Scopes.MembersWrite).InWorkspace();
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>workspace_not_found</c>, <c>user_not_found</c>; 409 <c>member_exists</c>, <c>workspace_archived</c>, <c>workspace_personal</c>,
    /// <c>workspace_members_too_many</c>; 422 <c>user_not_member</c>, <c>roles_invalid</c>, <c>roles_unknown</c>.</returns>
    internal static async Task<Results<Created<WorkspaceMemberView>, ProblemHttpResult>> AddAsync(string workspace, Request request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        WorkspaceMembership memberships, WorkspaceCreation creation, UserDirectory users, CancellationToken ct)
    {
        if (!WorkspaceId.TryParse(workspace, out var id)) return WorkspaceProblems.NotFound.ToHttp();
        if (WorkspaceRules.CheckRoles(request.Roles, "roles") is { } wrong) return wrong.ToHttp();
        if (!UserId.TryParse(request.User, out var user)) return WorkspaceProblems.UserNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await memberships.HoldAsync(tx, id, ct) is not { } found) return WorkspaceProblems.NotFound.ToHttp();
        if (await creation.AddAsync(tx, found, user, request.Roles ?? found.Settings.DefaultRoles ?? [], caller, facts, ct) is { } refused) return refused.ToHttp();
        var view = await DescribeAsync(tx, users, (await WorkspaceMemberStore.FindAsync(tx, id, user, ct))!, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/workspaces/{id}/members/{user}"), view);
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>; 404 <c>workspace_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<WorkspaceMemberView>>, ProblemHttpResult>> ListAsync(string workspace, HttpContext http, TenantContext tenant, IDatabase database, Lists lists, UserDirectory users, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!WorkspaceId.TryParse(workspace, out var id) || await WorkspaceStore.FindAsync(tx, id, ct) is null) return WorkspaceProblems.NotFound.ToHttp();
        var found = await query.ReadAsync((after, limit) => WorkspaceMemberStore.ListAsync(tx, id, query.Descending, after, limit, ct));
        // One look-up each: names are the Users room's, and a page has at most 200.
        List<WorkspaceMemberView> views = [];
        foreach (var member in found.Items) views.Add(await DescribeAsync(tx, users, member, ct));
        return TypedResults.Ok(new Page<WorkspaceMemberView>(views, found.Next));
    }

    /// <returns>200; 404 <c>workspace_not_found</c>, <c>member_not_found</c>.</returns>
    internal static async Task<Results<Ok<WorkspaceMemberView>, ProblemHttpResult>> GetAsync(string workspace, string user, TenantContext tenant, IDatabase database, UserDirectory users, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!WorkspaceId.TryParse(workspace, out var id) || await WorkspaceStore.FindAsync(tx, id, ct) is null) return WorkspaceProblems.NotFound.ToHttp();
        if (!UserId.TryParse(user, out var userId) || await WorkspaceMemberStore.FindAsync(tx, id, userId, ct) is not { } member) return WorkspaceProblems.MemberNotFound.ToHttp();
        return TypedResults.Ok(await DescribeAsync(tx, users, member, ct));
    }

    /// <summary>Her account and her membership of the organization stay; what she had as a member of the workspace ends.</summary>
    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>workspace_not_found</c>, <c>member_not_found</c>; 409 <c>last_owner</c>, <c>workspace_personal</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string workspace, string user, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        WorkspaceMembership memberships, IWorkspaceRoles roles, AuditLog audit, CancellationToken ct)
    {
        if (!WorkspaceId.TryParse(workspace, out var id)) return WorkspaceProblems.NotFound.ToHttp();
        if (!UserId.TryParse(user, out var userId)) return WorkspaceProblems.MemberNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await memberships.HoldAsync(tx, id, ct) is not { } found) return WorkspaceProblems.NotFound.ToHttp();
        if (await WorkspaceMemberStore.FindAsync(tx, id, userId, ct) is null) return WorkspaceProblems.MemberNotFound.ToHttp();
        if ((await roles.MayRemoveAsync(tx, found, userId, caller, ct) ?? await memberships.RemoveAsync(tx, found, userId, ct)) is { } refused) return refused.ToHttp();
        await audit.AppendAsync(tx, WorkspaceAudit.OfMember("workspace.member_removed", found, userId, AuditActor.Of(caller), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async ValueTask<WorkspaceMemberView> DescribeAsync(TenantTransaction tx, UserDirectory users, WorkspaceMember member, CancellationToken ct)
    {
        // The reference holds: there is no membership of nobody.
        var user = await users.FindAsync(tx, member.UserId, ct) ?? throw new InvalidOperationException("A member is a user.");
        return new(user.Id, user.DisplayName, user.PrimaryEmail?.Address, user.Status, member.JoinedAt);
    }
}
