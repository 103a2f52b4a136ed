using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary><c>GET /api/v1/users/{id}</c>.</summary>
internal static class GetUser
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id}", HandleAsync).WithName("users.get").WithSummary("Get a user").RequirePermission(Scopes.UsersRead).SelectsFields();

    /// <returns>200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<UserView>, ProblemHttpResult>> HandleAsync(string id, HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId)) return UserProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await UserStore.FindAsync(tx, userId, ct) is not { } user) return UserProblems.NotFound.ToHttp();
        ETags.Set(http, user.Version);
        return TypedResults.Ok(UserView.Of(user));
    }
}
