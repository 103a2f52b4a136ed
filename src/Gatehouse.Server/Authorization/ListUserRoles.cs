using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization;

/// <summary>One role that a user holds.</summary>
internal sealed record UserRoleView(string Role, DateTimeOffset GrantedAt);

/// <summary>What operations on a user's roles answer alike.</summary>
internal static class RoleProblems
{
    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem UserNotFound = Problem.NotFound("user_not_found", "This tenant has no such user.");
    internal static readonly Problem RoleUnknown = Problem.NotFound("role_unknown", "This tenant has no such role.");
    internal static readonly Problem NotHeld = Problem.NotFound("role_not_held", "This user does not hold that role.");
}

/// <summary><c>GET /api/v1/users/{id}/roles</c>: the roles a user was given in the whole tenant; those of organizations and groups are among her role assignments and effective permissions.</summary>
internal static class ListUserRoles
{
    internal sealed record Response(IReadOnlyList<UserRoleView> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id}/roles", HandleAsync).WithName("users.roles.list").RequirePermission(Scopes.RolesRead);

    /// <returns>200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, IDatabase database,
        UserDirectory users, Roles roles, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user)) return RoleProblems.UserNotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, user, ct) is null) return RoleProblems.UserNotFound.ToHttp();
        var held = await roles.ListAsync(tx, user, ct);
        return TypedResults.Ok(new Response([.. held.Select(r => new UserRoleView(r.Role, r.GrantedAt))], null));
    }
}
