using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary><c>GET /api/v1/users</c>: filtered and sorted as every list is; <c>search</c> is the beginning of an address, a name or a number.</summary>
internal static class ListUsers
{
    private const int MaxSearchLength = 254;

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users", HandleAsync).WithName("users.list").WithSummary("List users").RequirePermission(Scopes.UsersRead).Lists(UserFields.Shape, "attributes.{name}");

    /// <param name="search">The beginning of an e-mail address, of a name or of a number. Such a list is newest first.</param>
    /// <param name="status"><c>active</c> or <c>disabled</c>; the same as a filter by it.</param>
    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>, <c>search_invalid</c>, <c>status_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<UserView>>, ProblemHttpResult>> HandleAsync(string? search, string? status, HttpContext http,
        TenantContext tenant, IDatabase database, Lists lists, CancellationToken ct)
    {
        if (search is not null && !PlainText.IsSearchable(search, MaxSearchLength))
            return Problem.BadRequest("search_invalid", $"search is the beginning of an e-mail address or name, at most {MaxSearchLength} characters.", "search").ToHttp();
        if (!string.IsNullOrEmpty(status) && status is not ("active" or "disabled")) return Problem.BadRequest("status_invalid", "status is active or disabled.", "status").ToHttp();
        var searched = string.IsNullOrWhiteSpace(search) ? null : PlainText.Fold(search.Trim());
        if (!(await lists.ReadAsync(searched is null ? UserFields.Shape : Searched, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();

        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var found = await query.ReadAsync(async (after, limit) => searched is null
            ? await UserList.ListAsync(tx, query, after, limit, ct)
            : await UserList.SearchAsync(tx, searched, after?.Id, limit, ct), status is null or "" ? null : user => UserStore.StatusText(user.Status) == status);
        return TypedResults.Ok(new Page<UserView>([.. found.Items.Select(UserView.Of)], found.Next));
    }

    private static ListShape<User> Searched { get; } = UserFields.Shape with { Sorts = [new(UserFields.CreatedAt)] };
}
