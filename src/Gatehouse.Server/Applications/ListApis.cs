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
    internal sealed record Response(IReadOnlyList<ApiView> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/apis", HandleAsync).WithName("apis.list").RequirePermission(Scopes.ApisRead);

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var request, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        // At most 500: read whole, oldest first, and paged here. Ids are compared as their texts, which sort as the ids do.
        var all = await ApiStore.ListAllAsync(tx, ct);
        all.Reverse();
        if (request.After is { } after) all.RemoveAll(a => string.CompareOrdinal(a.Id.ToString(), new ApiId(after).ToString()) >= 0);
        var page = request.ToPage(all, a => a.Id.Value);
        return TypedResults.Ok(new Response([.. page.Items.Select(ApiView.Of)], page.Next));
    }
}
