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

/// <summary><c>DELETE /api/v1/users/{id}/roles/{role}</c>: takes from a user a role of the whole tenant; not from the last administrator.</summary>
internal static class RevokeUserRole
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/users/{id}/roles/{role}", HandleAsync).WithName("users.roles.revoke").RequirePermission(Scopes.RolesWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>role_unknown</c>, <c>role_not_held</c>; 409 <c>last_administrator</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, string role, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, UserDirectory users, Giving giving, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user)) return RoleProblems.UserNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, user, ct) is null) return RoleProblems.UserNotFound.ToHttp();
        if ((await RoleBook.ReadAsync(tx, ct)).Find(role) is not { } wanted) return RoleProblems.RoleUnknown.ToHttp();
        if ((await HeldRoleStore.ListOfAsync(tx, Holder.Of(user), ct)).Find(a => a.Role == wanted.Id && a.Scope == RoleScope.Tenant) is not { } held) return RoleProblems.NotHeld.ToHttp();
        if (await giving.TakeAsync(tx, held, wanted, caller, facts, ct) is { } problem) return problem.Code == "assignment_not_found" ? RoleProblems.NotHeld.ToHttp() : problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
