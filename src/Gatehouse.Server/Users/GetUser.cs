using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users.Merging;
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

    /// <returns>200; 404 <c>user_not_found</c>; 410 <c>user_merged</c>, with the other account's address as <c>Location</c>.</returns>
    internal static async Task<Results<Ok<UserView>, ProblemHttpResult>> HandleAsync(string id, HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId)) return UserProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await UserStore.FindAsync(tx, userId, ct) is not { } user)
        {
            if (await MergeStore.FindAsync(tx, userId, ct) is not { } into) return UserProblems.NotFound.ToHttp();
            http.Response.Headers.Location = tenant.Url($"/api/v1/users/{into}");
            return new Problem("user_merged", 410, $"This account was merged into {into}.").ToHttp();
        }
        ETags.Set(http, user.Version);
        return TypedResults.Ok(UserView.Of(user));
    }
}
