using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>GET /api/v1/role-assignments</c>: who holds what, newest first; of one holder, of one role, or in one organization, workspace or application.</summary>
internal static class ListAssignments
{
    internal static void Map(IEndpointRouteBuilder api) => api.MapGet("/role-assignments", HandleAsync).WithName("role_assignments.list").RequirePermission(Scopes.RolesRead);

    /// <param name="holder">Id of a user, client or group. Of this, <paramref name="role"/> and a place only one.</param>
    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>filter_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<AssignmentView>>, ProblemHttpResult>> HandleAsync(string? holder, string? role, string? organization, string? workspace, string? application,
        string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        string?[] asked = [holder, role, organization, workspace, application];
        if (asked.Count(a => a is not null) > 1) return Unfit.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var book = await RoleBook.ReadAsync(tx, ct);
        List<Assignment> held;
        if (holder is not null)
        {
            if (Holder.Parse(holder) is not { } who) return Unfit.ToHttp();
            held = await HeldRoleStore.ListByHolderAsync(tx, who, page.After, page.Limit + 1, ct);
        }
        else if (role is not null)
        {
            if (book.Find(role) is not { } found) return Unfit.ToHttp();
            held = await HeldRoleStore.ListByRoleAsync(tx, found.Id, page.After, page.Limit + 1, ct);
        }
        else if (asked.Any(a => a is not null))
        {
            if (!NamedScope.Read(organization, workspace, application).TryGet(out var scope, out _)) return Unfit.ToHttp();
            held = await HeldRoleStore.ListByScopeAsync(tx, scope.Scope, page.After, page.Limit + 1, ct);
        }
        else held = await HeldRoleStore.ListAsync(tx, page.After, page.Limit + 1, ct);
        var answer = page.ToPage(held, a => a.Id.Value);
        return TypedResults.Ok(new Page<AssignmentView>([.. answer.Items.Select(a => AssignmentView.Of(a, book))], answer.Next));
    }

    private static readonly Problem Unfit =
        Problem.BadRequest("filter_invalid", "Give at most one of holder, role, organization, workspace and application: the id of one, or a role's key.");
}

/// <summary><c>GET /api/v1/role-assignments/{id}</c>.</summary>
internal static class GetAssignment
{
    internal static void Map(IEndpointRouteBuilder api) => api.MapGet("/role-assignments/{id}", HandleAsync).WithName("role_assignments.get").RequirePermission(Scopes.RolesRead);

    /// <returns>200; 404 <c>assignment_not_found</c>.</returns>
    internal static async Task<Results<Ok<AssignmentView>, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!AssignmentId.TryParse(id, out var assignment)) return GrantingProblems.AssignmentNotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await HeldRoleStore.FindAsync(tx, assignment, ct) is not { } held) return GrantingProblems.AssignmentNotFound.ToHttp();
        return TypedResults.Ok(AssignmentView.Of(held, await RoleBook.ReadAsync(tx, ct)));
    }
}
