using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces;

/// <summary><c>GET /api/v1/workspaces</c>: all of the tenant; <c>/organizations/{organization}/workspaces</c>: one organization's; one of them; and <c>/users/{user}/workspaces</c>.</summary>
internal static class ReadWorkspaces
{
    private static readonly ListShape<Workspace> Shape = new(
        workspace => workspace.Id.Value,
        [new("created_at", w => w.CreatedAt), new("name", w => PlainText.Fold(w.Name), Bounds: false)],
        [
            ListField<Workspace>.Exact("id", w => w.Id.ToString()),
            ListField<Workspace>.Exact("organization", w => w.Organization?.ToString()),
            ListField<Workspace>.Exact("personal_of", w => w.PersonalOf?.ToString()),
            ListField<Workspace>.Boolean("personal", w => w.PersonalOf is not null),
            ListField<Workspace>.Text("slug", w => w.Slug),
            ListField<Workspace>.Text("name", w => w.Name),
            ListField<Workspace>.Text("description", w => w.Description),
            ListField<Workspace>.Exact("status", w => WorkspaceStore.StatusText(w.Status), "active", "archived"),
            ListField<Workspace>.Time("created_at", w => w.CreatedAt),
            ListField<Workspace>.Time("updated_at", w => w.UpdatedAt),
        ]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workspaces", ListAsync).WithName("workspaces.list").WithSummary("List workspaces").RequirePermission(Scopes.WorkspacesRead).Lists(Shape);
        api.MapGet("/organizations/{organization}/workspaces", ListAsync).WithName("organizations.workspaces.list").WithSummary("List an organization's workspaces")
            .RequirePermission(Scopes.WorkspacesRead).InOrganization().Lists(Shape);
        api.MapGet("/workspaces/{workspace}", GetAsync).WithName("workspaces.get").WithSummary("Get a workspace").RequirePermission(Scopes.WorkspacesRead).InWorkspace();
        api.MapGet("/users/{user}/workspaces", ListOfUserAsync).WithName("users.workspaces.list").WithSummary("List a user's workspaces").RequirePermission(Scopes.WorkspacesRead);
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<WorkspaceView>>, ProblemHttpResult>> ListAsync(WorkspaceOwner of, HttpContext http, TenantContext tenant, IDatabase database, Lists lists,
        OrganizationDirectory organizations, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        if (of.IsUnreadable) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (of.Organization is { } owner && await organizations.FindAsync(tx, owner, ct) is null) return OrganizationProblems.NotFound.ToHttp();
        var found = await query.ReadAsync((after, limit) => WorkspaceStore.ListAsync(tx, of.Organization, query, after, limit, ct));
        return TypedResults.Ok(new Page<WorkspaceView>([.. found.Items.Select(WorkspaceView.Of)], found.Next));
    }

    /// <returns>200; 404 <c>workspace_not_found</c>.</returns>
    internal static async Task<Results<Ok<WorkspaceView>, ProblemHttpResult>> GetAsync(string workspace, HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!WorkspaceId.TryParse(workspace, out var id) || await WorkspaceStore.FindAsync(tx, id, ct) is not { } found) return WorkspaceProblems.NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(WorkspaceView.Of(found));
    }

    /// <summary>Oldest first; at most 500 there are.</summary>
    /// <returns>200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<WorkspaceView>>, ProblemHttpResult>> ListOfUserAsync(string user, TenantContext tenant, IDatabase database, WorkspaceDirectory workspaces, UserDirectory users, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!UserId.TryParse(user, out var id) || await users.FindAsync(tx, id, ct) is null) return WorkspaceProblems.UserNotFound.ToHttp();
        return TypedResults.Ok(new Page<WorkspaceView>([.. (await workspaces.ListOfUserAsync(tx, id, ct)).Select(WorkspaceView.Of)], null));
    }
}
