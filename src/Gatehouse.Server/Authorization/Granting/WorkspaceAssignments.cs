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
    /// <param name="Holder">Id of a member, or of a group of the organization whose the workspace is.</param>
    /// <param name="Role">Key or id of a role that may be held in a workspace.</param>
    internal sealed record Request(string? Holder, string? Role, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

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
        if (await FindAsync(tx, workspaces, workspace, ct) is null) return NotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        return TypedResults.Ok(new Page<RoleView>([.. book.Roles.Where(r => r.AssignableAt.Contains(ScopeKind.Workspace)).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => RoleView.Of(r, book))], null));
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>workspace_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<AssignmentView>>, ProblemHttpResult>> ListAsync(string workspace, string? limit, string? cursor, TenantContext tenant, IDatabase database,
        WorkspaceDirectory workspaces, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, workspaces, workspace, ct) is not { } id) return NotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        var answer = page.ToPage(await HeldRoleStore.ListByScopeAsync(tx, ScopeOf(id), page.After, page.Limit + 1, ct), a => a.Id.Value);
        return TypedResults.Ok(new Page<AssignmentView>([.. answer.Items.Select(a => AssignmentView.Of(a, book))], answer.Next));
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>workspace_not_found</c>; 409 <c>assignment_exists</c>, <c>assignments_too_many</c>;
    /// 422 <c>holder_unknown</c>, <c>holder_not_member</c>, <c>role_unknown</c>, <c>role_not_assignable</c>, <c>period_invalid</c>.</returns>
    internal static async Task<Results<Created<AssignmentView>, ProblemHttpResult>> GiveAsync(string workspace, Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, Giving giving, ScopeDirectory scopes, WorkspaceDirectory workspaces, CancellationToken ct)
    {
        if (Holder.Parse(request.Holder) is not { } holder) return Problem.Invalid("holder_unknown", "holder is the id of a user, a client or a group of this tenant.", "holder").ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, workspaces, workspace, ct) is not { } id) return NotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        if (book.Find(request.Role) is not { } role) return Problem.Invalid("role_unknown", "This tenant has no such role.", "role").ToHttp();
        if (!await scopes.BelongsAsync(tx, id, holder, ct)) return ScopeDirectory.NotOfWorkspace.ToHttp();
        if (await scopes.CheckAsync(tx, ScopeOf(id), holder, ct) is { } elsewhere) return elsewhere.ToHttp();
        if (!(await giving.GiveAsync(tx, new(holder, role, ScopeOf(id), request.StartsAt?.ToKept(), request.EndsAt?.ToKept()), caller, facts, ct)).TryGet(out var made, out var problem))
            return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/role-assignments/{made.Id}"), AssignmentView.Of(made, book));
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>workspace_not_found</c>, <c>assignment_not_found</c>; 409 <c>last_owner</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> TakeAsync(string workspace, string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, Giving giving, WorkspaceDirectory workspaces, CancellationToken ct)
    {
        if (!AssignmentId.TryParse(id, out var assignment)) return GrantingProblems.AssignmentNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, workspaces, workspace, ct) is not { } found) return NotFound.ToHttp();
        // Of another workspace's, or the whole tenant's, she learns nothing.
        if (await HeldRoleStore.FindAsync(tx, assignment, ct) is not { } held || held.Scope != ScopeOf(found)) return GrantingProblems.AssignmentNotFound.ToHttp();
        if ((await RoleBook.ReadAsync(tx, ct)).Find(held.Role) is not { } role) return GrantingProblems.AssignmentNotFound.ToHttp();
        if (await giving.TakeAsync(tx, held, role, caller, facts, ct) is { } problem) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async ValueTask<WorkspaceId?> FindAsync(TenantTransaction tx, WorkspaceDirectory workspaces, string id, CancellationToken ct) =>
        WorkspaceId.TryParse(id, out var workspace) && await workspaces.FindAsync(tx, workspace, ct) is not null ? workspace : null;

    private static RoleScope ScopeOf(WorkspaceId workspace) => new(ScopeKind.Workspace, workspace.Value);

    private static Problem NotFound => WorkspaceProblems.NotFound;
}
