using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization;

/// <summary><c>PUT /api/v1/users/{id}/roles/{role}</c>: gives a user a role in the whole tenant, without end. Giving it again changes nothing.</summary>
internal static class GrantUserRole
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/users/{id}/roles/{role}", HandleAsync).WithName("users.roles.grant").RequirePermission(Scopes.RolesWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>role_unknown</c>; 409 <c>assignments_too_many</c>; 422 <c>role_not_assignable</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, string role, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, UserDirectory users, Giving giving, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user)) return RoleProblems.UserNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, user, ct) is null) return RoleProblems.UserNotFound.ToHttp();
        if ((await RoleBook.ReadAsync(tx, ct)).Find(role) is not { } wanted) return RoleProblems.RoleUnknown.ToHttp();
        if (!(await giving.GiveAsync(tx, new(Holder.Of(user), wanted, RoleScope.Tenant, null, null), caller, facts, ct)).TryGet(out _, out var problem))
            return problem.Code == "assignment_exists" ? TypedResults.NoContent() : problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
