using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>GET /api/v1/apis</c>: a page of APIs, newest first, the management API last.</summary>
internal static class ListApis
{
    private static readonly ListShape<Api> Shape = new(
        api => api.Id.Value,
        [new("created_at"), new("name", api => ListText.Fold(api.Name))],
        [
            ListField<Api>.Exact("id", api => api.Id.ToString()),
            ListField<Api>.Text("name", api => api.Name),
            ListField<Api>.Text("identifier", api => api.Identifier),
            new("scopes", FieldKind.Exact, api => api.Scopes),
            ListField<Api>.Boolean("system", api => api.System),
            ListField<Api>.Time("created_at", api => api.CreatedAt),
            ListField<Api>.Time("updated_at", api => api.UpdatedAt),
        ]);

    internal sealed record Response(IReadOnlyList<ApiView> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/apis", HandleAsync).WithName("apis.list").RequirePermission(Scopes.ApisRead).Lists(Shape);

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(HttpContext http, TenantContext tenant, IDatabase database, Lists lists, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        // At most 500: read whole, then ordered and paged here. Ids are compared as their texts, which sort as the ids do.
        var all = await ApiStore.ListAllAsync(tx, ct);
        int Compare(ListPosition left, ListPosition right) =>
            left.Key is { } key && ListText.Compare(key, right.Key!) is not 0 and var order ? order : string.CompareOrdinal(new ApiId(left.Id).ToString(), new ApiId(right.Id).ToString());
        all.Sort((left, right) => Compare(query.PositionOf(left), query.PositionOf(right)) * (query.Descending ? -1 : 1));
        var page = await query.ReadAsync((after, limit) => ValueTask.FromResult<List<Api>>(
            [.. all.Where(a => after is null || Compare(query.PositionOf(a), after) is var order && (query.Descending ? order < 0 : order > 0)).Take(limit)]));
        return TypedResults.Ok(new Response([.. page.Items.Select(ApiView.Of)], page.Next));
    }
}
