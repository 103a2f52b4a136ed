using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary><c>GET /api/v1/users</c>: filtered and sorted as every list is; <c>search</c> is a part of an address, a name or a number.</summary>
internal static class ListUsers
{
    private const int MaxSearchLength = 254;

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users", HandleAsync).WithName("users.list").WithSummary("List users").RequirePermission(Scopes.UsersRead).Lists(UserFields.Shape, "attributes.{name}");

    /// <param name="search">A part of an e-mail address, of a name or of a number; its beginning where it has less than three characters. Such a list is in the order of what was found.</param>
    /// <param name="status"><c>active</c> or <c>disabled</c>; the same as a filter by it.</param>
    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>, <c>search_invalid</c>, <c>status_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<UserView>>, ProblemHttpResult>> HandleAsync(string? search, string? status, HttpContext http,
        TenantContext tenant, IDatabase database, Lists lists, CancellationToken ct)
    {
        if (search is not null && !PlainText.IsSearchable(search, MaxSearchLength))
            return Problem.BadRequest("search_invalid", $"search is a part of an e-mail address, name or number, at most {MaxSearchLength} characters.", "search").ToHttp();
        if (!string.IsNullOrEmpty(status) && status is not ("active" or "disabled")) return Problem.BadRequest("status_invalid", "status is active or disabled.", "status").ToHttp();
        var searched = string.IsNullOrWhiteSpace(search) ? null : PlainText.Fold(search.Trim());
        if (!(await lists.ReadAsync(searched is null ? UserFields.Shape : UserSearch.Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        Predicate<User>? also = string.IsNullOrEmpty(status) ? null : user => UserStore.StatusText(user.Status) == status;

        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (query.Find("id", FilterOperator.Equal) is { Value: string id })
        {
            var only = UserId.TryParse(id, out var userId) ? await UserStore.FindAsync(tx, userId, ct) : null;
            return TypedResults.Ok(new Page<UserView>(only is not null && (also is null || also(only)) && query.Matches(only) ? [UserView.Of(only)] : [], null));
        }
        // Whoever was there before the index may not be in it yet.
        var state = searched is not null || query.Terms.Count > 0 ? await UserTermStore.FindStateAsync(tx, ct) : null;
        var complete = state is null or { Done: true };
        var way = searched is not null ? UserSearch.Of(searched, complete, query.After)
            // Pages that began in the order of the list, because not everybody was in the index, go on in it.
            : query.Terms.Count > 0 && !http.Request.Query.ContainsKey("sort") && query.After is null or { Key: string } ? UserSearch.Of(query.Terms, complete, state?.Attributes ?? []) : null;
        if (way is null)
        {
            // A cursor of a search goes with no order, nor the other way round.
            if (query.After?.Key is string && query.Sort.Name != UserFields.DisplayName) return ListCursor.Invalid.ToHttp();
            var page = await query.ReadAsync((after, limit) => UserList.ListAsync(tx, query, after, limit, ct), also);
            return TypedResults.Ok(new Page<UserView>([.. page.Items.Select(UserView.Of)], page.Next));
        }
        if (searched is null && !(await lists.ReadAsync(UserSearch.Shape, http, tenant, ct)).TryGet(out query, out problem)) return problem.ToHttp();
        if (!(await way.ReadAsync(tx, query, also, ct)).TryGet(out var found, out problem)) return problem.ToHttp();
        return TypedResults.Ok(new Page<UserView>([.. found.Items.Select(UserView.Of)], found.Next));
    }
}
