using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization;

/// <summary><c>GET /api/v1/users/{id}/roles/{role}</c>: whether a user holds a role.</summary>
internal static class GetUserRole
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id}/roles/{role}", HandleAsync).WithName("users.roles.get").RequirePermission(Scopes.RolesRead);

    /// <returns>200; 404 <c>user_not_found</c>, <c>role_unknown</c>, <c>role_not_held</c>.</returns>
    internal static async Task<Results<Ok<UserRoleView>, ProblemHttpResult>> HandleAsync(string id, string role, TenantContext tenant, IDatabase database,
        UserDirectory users, Roles roles, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user)) return RoleProblems.UserNotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if ((await RoleBook.ReadAsync(tx, ct)).Find(role) is not { } wanted) return RoleProblems.RoleUnknown.ToHttp();
        if (await users.FindAsync(tx, user, ct) is null) return RoleProblems.UserNotFound.ToHttp();
        foreach (var held in await roles.ListAsync(tx, user, ct))
            if (held.Role == wanted.Key) return TypedResults.Ok(new UserRoleView(held.Role, held.GrantedAt));
        return RoleProblems.NotHeld.ToHttp();
    }
}
