using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary>
/// Roles within one organization, for its own administrators: <c>GET /api/v1/organizations/{organization}/roles</c>, and
/// <c>GET, POST …/role-assignments</c>, <c>DELETE …/role-assignments/{id}</c>.
/// </summary>
internal static class OrganizationRoles
{
    /// <param name="Holder">Id of a member, or of a group of the organization.</param>
    /// <param name="Role">Key or id of a role that may be held in an organization.</param>
    internal sealed record Request(string? Holder, string? Role, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/organizations/{organization}/roles", ListRolesAsync).WithName("organizations.roles.list").WithSummary("List the roles that may be held in an organization")
            .RequirePermission(Scopes.RolesRead).InOrganization();
        api.MapGet("/organizations/{organization}/role-assignments", ListAsync).WithName("organizations.role_assignments.list").WithSummary("List who holds what in an organization")
            .RequirePermission(Scopes.RolesRead).InOrganization();
        api.MapPost("/organizations/{organization}/role-assignments", GiveAsync).WithName("organizations.role_assignments.create").WithSummary("Give a role in an organization")
            .RequirePermission(Scopes.RolesWrite).InOrganization().RequireFreshProof().Idempotent();
        api.MapDelete("/organizations/{organization}/role-assignments/{id}", TakeAsync).WithName("organizations.role_assignments.delete").WithSummary("Take a role in an organization")
            .RequirePermission(Scopes.RolesWrite).InOrganization().RequireFreshProof();
    }

    /// <returns>200; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<RoleView>>, ProblemHttpResult>> ListRolesAsync(string organization, TenantContext tenant, IDatabase database, OrganizationDirectory organizations, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is null) return OrganizationProblems.NotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        return TypedResults.Ok(new Page<RoleView>([.. book.Roles.Where(r => r.AssignableAt.Contains(ScopeKind.Organization)).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => RoleView.Of(r, book))], null));
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<AssignmentView>>, ProblemHttpResult>> ListAsync(string organization, string? limit, string? cursor, TenantContext tenant, IDatabase database,
        OrganizationDirectory organizations, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } id) return OrganizationProblems.NotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        var answer = page.ToPage(await HeldRoleStore.ListByScopeAsync(tx, ScopeOf(id), page.After, page.Limit + 1, ct), a => a.Id.Value);
        return TypedResults.Ok(new Page<AssignmentView>([.. answer.Items.Select(a => AssignmentView.Of(a, book))], answer.Next));
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>; 409 <c>assignment_exists</c>, <c>assignments_too_many</c>;
    /// 422 <c>holder_unknown</c>, <c>holder_not_member</c>, <c>role_unknown</c>, <c>role_not_assignable</c>, <c>period_invalid</c>.</returns>
    internal static async Task<Results<Created<AssignmentView>, ProblemHttpResult>> GiveAsync(string organization, Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, Giving giving, ScopeDirectory scopes, OrganizationDirectory organizations, CancellationToken ct)
    {
        if (Holder.Parse(request.Holder) is not { } holder) return Problem.Invalid("holder_unknown", "holder is the id of a user, a client or a group of this tenant.", "holder").ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } id) return OrganizationProblems.NotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        if (book.Find(request.Role) is not { } role) return Problem.Invalid("role_unknown", "This tenant has no such role.", "role").ToHttp();
        if (!await scopes.BelongsAsync(tx, id, holder, ct)) return ScopeDirectory.NotMember.ToHttp();
        if (await scopes.CheckAsync(tx, ScopeOf(id), holder, ct) is { } elsewhere) return elsewhere.ToHttp();
        if (!(await giving.GiveAsync(tx, new(holder, role, ScopeOf(id), request.StartsAt?.ToKept(), request.EndsAt?.ToKept()), caller, facts, ct)).TryGet(out var made, out var problem))
            return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/role-assignments/{made.Id}"), AssignmentView.Of(made, book));
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>, <c>assignment_not_found</c>; 409 <c>last_owner</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> TakeAsync(string organization, string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, Giving giving, OrganizationDirectory organizations, CancellationToken ct)
    {
        if (!AssignmentId.TryParse(id, out var assignment)) return GrantingProblems.AssignmentNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        // Of another organization's, or the whole tenant's, she learns nothing.
        if (await HeldRoleStore.FindAsync(tx, assignment, ct) is not { } held || held.Scope != ScopeOf(found)) return GrantingProblems.AssignmentNotFound.ToHttp();
        if ((await RoleBook.ReadAsync(tx, ct)).Find(held.Role) is not { } role) return GrantingProblems.AssignmentNotFound.ToHttp();
        if (await giving.TakeAsync(tx, held, role, caller, facts, ct) is { } problem) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async ValueTask<OrganizationId?> FindAsync(TenantTransaction tx, OrganizationDirectory organizations, string id, CancellationToken ct) =>
        OrganizationId.TryParse(id, out var organization) && await organizations.FindAsync(tx, organization, ct) is not null ? organization : null;

    private static RoleScope ScopeOf(OrganizationId organization) => new(ScopeKind.Organization, organization.Value);
}
