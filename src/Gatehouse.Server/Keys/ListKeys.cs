using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Keys;

/// <summary><c>GET /api/v1/keys</c>: the tenant's signing keys, newest first, retired ones of the last year included.</summary>
internal static class ListKeys
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/keys", HandleAsync).WithName("keys.list").RequirePermission(Scopes.KeysRead);

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<KeyList>, ProblemHttpResult>> HandleAsync(
        string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var rows = page.ToPage(await SigningKeyStore.ListAsync(tx, page, ct), row => row.Id.Value);
        return TypedResults.Ok(new KeyList([.. rows.Items.Select(KeyView.Of)], rows.Next));
    }
}
