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
        return TypedResults.Ok(await ScopedRoles.ListRolesAsync(tx, ScopeKind.Organization, ct));
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<AssignmentView>>, ProblemHttpResult>> ListAsync(string organization, string? limit, string? cursor, TenantContext tenant, IDatabase database,
        OrganizationDirectory organizations, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } scope) return OrganizationProblems.NotFound.ToHttp();
        return TypedResults.Ok(await ScopedRoles.ListAsync(tx, scope, page, ct));
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>; 409 <c>assignment_exists</c>, <c>assignments_too_many</c>;
    /// 422 <c>holder_unknown</c>, <c>holder_not_member</c>, <c>role_unknown</c>, <c>role_not_assignable</c>, <c>period_invalid</c>.</returns>
    internal static async Task<Results<Created<AssignmentView>, ProblemHttpResult>> GiveAsync(string organization, ScopedRoles.Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ScopedRoles roles, OrganizationDirectory organizations, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } scope) return OrganizationProblems.NotFound.ToHttp();
        if (!(await roles.GiveAsync(tx, scope, request, caller, facts, ct)).TryGet(out var given, out var problem)) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/role-assignments/{given.Id}"), given);
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>, <c>assignment_not_found</c>; 409 <c>last_owner</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> TakeAsync(string organization, string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ScopedRoles roles, OrganizationDirectory organizations, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } scope) return OrganizationProblems.NotFound.ToHttp();
        if (await roles.TakeAsync(tx, scope, id, caller, facts, ct) is { } problem) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async ValueTask<RoleScope?> FindAsync(TenantTransaction tx, OrganizationDirectory organizations, string id, CancellationToken ct) =>
        OrganizationId.TryParse(id, out var organization) && await organizations.FindAsync(tx, organization, ct) is not null ? new RoleScope(ScopeKind.Organization, organization.Value) : null;
}
