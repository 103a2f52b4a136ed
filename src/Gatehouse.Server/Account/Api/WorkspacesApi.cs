using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/workspaces</c>: where I work with others, and my own place.</summary>
internal static class WorkspacesApi
{
    /// <param name="Organization">Whose it is; null: the tenant's own.</param>
    /// <param name="Personal">Whether it is mine alone.</param>
    internal sealed record OwnWorkspaceView(WorkspaceId Id, OrganizationId? Organization, string Slug, string Name, string Description, bool Personal)
    {
        internal static OwnWorkspaceView Of(Workspace w) => new(w.Id, w.Organization, w.Slug, w.Name, w.Description, w.PersonalOf is not null);
    }

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workspaces", ListAsync).WithName("own_workspaces.list").WithSummary("List the workspaces I belong to").RequirePermission(AccountScopes.Read);
        api.MapPut("/workspaces/personal", PersonalAsync).WithName("own_workspaces.personal").WithSummary("Make or show my personal workspace").RequirePermission(AccountScopes.Write);
        api.MapDelete("/workspaces/{id}", LeaveAsync).WithName("own_workspaces.leave").WithSummary("Leave a workspace").RequirePermission(AccountScopes.Write);
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<ListView<OwnWorkspaceView>>> ListAsync(TenantContext tenant, Own me, MyWorkspaces workspaces, CancellationToken ct) =>
        TypedResults.Ok(new ListView<OwnWorkspaceView>([.. (await workspaces.ListAsync(me, ct)).Select(OwnWorkspaceView.Of)]));

    /// <returns>200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<OwnWorkspaceView>, ProblemHttpResult>> PersonalAsync(TenantContext tenant, Own me, MyWorkspaces workspaces, CancellationToken ct) =>
        (await workspaces.PersonalAsync(me, ct)).TryGet(out var found, out var problem) ? TypedResults.Ok(OwnWorkspaceView.Of(found)) : problem.ToHttp();

    /// <returns>204; 404 <c>workspace_not_found</c>; 409 <c>last_owner</c>, <c>workspace_personal</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> LeaveAsync(string id, TenantContext tenant, Own me, MyWorkspaces workspaces, CancellationToken ct) =>
        (WorkspaceId.TryParse(id, out var workspace) ? await workspaces.LeaveAsync(me, workspace, ct) : WorkspaceProblems.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
