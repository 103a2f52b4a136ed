using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary>
/// Roles within one workspace, for its own administrators: <c>GET /api/v1/workspaces/{workspace}/roles</c>, and
/// <c>GET, POST …/role-assignments</c>, <c>DELETE …/role-assignments/{id}</c>.
/// </summary>
internal static class WorkspaceAssignments
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workspaces/{workspace}/roles", ListRolesAsync).WithName("workspaces.roles.list").WithSummary("List the roles that may be held in a workspace")
            .RequirePermission(Scopes.RolesRead).InWorkspace();
        api.MapGet("/workspaces/{workspace}/role-assignments", ListAsync).WithName("workspaces.role_assignments.list").WithSummary("List who holds what in a workspace")
            .RequirePermission(Scopes.RolesRead).InWorkspace();
        api.MapPost("/workspaces/{workspace}/role-assignments", GiveAsync).WithName("workspaces.role_assignments.create").WithSummary("Give a role in a workspace")
            .RequirePermission(Scopes.RolesWrite).InWorkspace().RequireFreshProof().Idempotent();
        api.MapDelete("/workspaces/{workspace}/role-assignments/{id}", TakeAsync).WithName("workspaces.role_assignments.delete").WithSummary("Take a role in a workspace")
            .RequirePermission(Scopes.RolesWrite).InWorkspace().RequireFreshProof();
    }

    /// <returns>200; 404 <c>workspace_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<RoleView>>, ProblemHttpResult>> ListRolesAsync(string workspace, TenantContext tenant, IDatabase database, WorkspaceDirectory workspaces, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, workspaces, workspace, ct) is null) return WorkspaceProblems.NotFound.ToHttp();
        return TypedResults.Ok(await ScopedRoles.ListRolesAsync(tx, ScopeKind.Workspace, ct));
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>workspace_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<AssignmentView>>, ProblemHttpResult>> ListAsync(string workspace, string? limit, string? cursor, TenantContext tenant, IDatabase database,
        WorkspaceDirectory workspaces, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, workspaces, workspace, ct) is not { } scope) return WorkspaceProblems.NotFound.ToHttp();
        return TypedResults.Ok(await ScopedRoles.ListAsync(tx, scope, page, ct));
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>workspace_not_found</c>; 409 <c>assignment_exists</c>, <c>assignments_too_many</c>;
    /// 422 <c>holder_unknown</c>, <c>holder_not_member</c>, <c>role_unknown</c>, <c>role_not_assignable</c>, <c>period_invalid</c>.</returns>
    internal static async Task<Results<Created<AssignmentView>, ProblemHttpResult>> GiveAsync(string workspace, ScopedRoles.Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ScopedRoles roles, WorkspaceDirectory workspaces, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, workspaces, workspace, ct) is not { } scope) return WorkspaceProblems.NotFound.ToHttp();
        if (!(await roles.GiveAsync(tx, scope, request, caller, facts, ct)).TryGet(out var given, out var problem)) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/role-assignments/{given.Id}"), given);
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>workspace_not_found</c>, <c>assignment_not_found</c>; 409 <c>last_owner</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> TakeAsync(string workspace, string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ScopedRoles roles, WorkspaceDirectory workspaces, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, workspaces, workspace, ct) is not { } scope) return WorkspaceProblems.NotFound.ToHttp();
        if (await roles.TakeAsync(tx, scope, id, caller, facts, ct) is { } problem) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async ValueTask<RoleScope?> FindAsync(TenantTransaction tx, WorkspaceDirectory workspaces, string id, CancellationToken ct) =>
        WorkspaceId.TryParse(id, out var workspace) && await workspaces.FindAsync(tx, workspace, ct) is not null ? new RoleScope(ScopeKind.Workspace, workspace.Value) : null;
}
