using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary><c>GET /api/v1/users</c>: newest first; <c>search</c> is the beginning of an address or of a name, <c>status</c> is <c>active</c> or <c>disabled</c>.</summary>
internal static class ListUsers
{
    private const int MaxSearchLength = 254;

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users", HandleAsync).WithName("users.list").WithSummary("List users").RequirePermission(Scopes.UsersRead);

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>search_invalid</c>, <c>status_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<UserView>>, ProblemHttpResult>> HandleAsync(string? search, string? status, string? limit, string? cursor,
        TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        if (search is not null && !PlainText.IsSearchable(search, MaxSearchLength))
            return Problem.BadRequest("search_invalid", $"search is the beginning of an e-mail address or name, at most {MaxSearchLength} characters.", "search").ToHttp();
        UserStatus? wanted = null;
        if (!string.IsNullOrEmpty(status))
        {
            if (status is not ("active" or "disabled")) return Problem.BadRequest("status_invalid", "status is active or disabled.", "status").ToHttp();
            wanted = status == "active" ? UserStatus.Active : UserStatus.Disabled;
        }

        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var users = await UserList.ListAsync(tx, string.IsNullOrWhiteSpace(search) ? null : PlainText.Fold(search.Trim()), wanted, page.After, page.Limit + 1, ct);
        var found = page.ToPage(users, u => u.Id.Value);
        return TypedResults.Ok(new Page<UserView>([.. found.Items.Select(UserView.Of)], found.Next));
    }
}
