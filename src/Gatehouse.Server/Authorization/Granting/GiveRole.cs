using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>POST /api/v1/role-assignments</c>: gives a role to a user, a client or a group; in the whole tenant, or in one organization, workspace or application.</summary>
internal static class GiveRole
{
    /// <param name="Holder">Id of a user, a client or a group.</param>
    /// <param name="Role">The role's key or id.</param>
    /// <param name="Organization">At most one of this, <paramref name="Workspace"/> and <paramref name="Application"/>; none: the whole tenant.</param>
    /// <param name="StartsAt">Null: at once.</param>
    /// <param name="EndsAt">In the future; null: never.</param>
    internal sealed record Request(string? Holder, string? Role, string? Organization, string? Workspace, string? Application, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/role-assignments", HandleAsync).WithName("role_assignments.create").RequirePermission(Scopes.RolesWrite).RequireFreshProof().Idempotent();

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>assignment_exists</c>, <c>assignments_too_many</c>; 422 <c>holder_unknown</c>,
    /// <c>role_unknown</c>, <c>role_not_assignable</c>, <c>scope_invalid</c>, <c>scope_unknown</c>, <c>holder_not_member</c>, <c>period_invalid</c>.</returns>
    internal static async Task<Results<Created<AssignmentView>, ProblemHttpResult>> HandleAsync(Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, Giving giving, ScopeDirectory scopes, CancellationToken ct)
    {
        if (Holder.Parse(request.Holder) is not { } holder) return Problem.Invalid("holder_unknown", "holder is the id of a user, a client or a group of this tenant.", "holder").ToHttp();
        if (!NamedScope.Read(request.Organization, request.Workspace, request.Application).TryGet(out var scope, out var problem)) return problem.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var book = await RoleBook.ReadAsync(tx, ct);
        if (book.Find(request.Role) is not { } role) return Problem.Invalid("role_unknown", "This tenant has no such role.", "role").ToHttp();
        if (await scopes.CheckAsync(tx, scope.Scope, holder, ct) is { } elsewhere) return elsewhere.ToHttp();
        if (!(await giving.GiveAsync(tx, new(holder, role, scope.Scope, request.StartsAt?.ToKept(), request.EndsAt?.ToKept()), caller, facts, ct)).TryGet(out var made, out problem))
            return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/role-assignments/{made.Id}"), AssignmentView.Of(made, book));
    }
}
