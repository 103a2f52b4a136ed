using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>GET /api/v1/apis/{id}</c>: one API with its scopes.</summary>
internal static class GetApi
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/apis/{id}", HandleAsync).WithName("apis.get").RequirePermission(Scopes.ApisRead).SelectsFields();

    /// <returns>200; 404 <c>api_not_found</c>.</returns>
    internal static async Task<Results<Ok<ApiView>, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, IDatabase database, HttpContext http, CancellationToken ct)
    {
        if (!ApiId.TryParse(id, out var apiId)) return ApiProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await ApiStore.FindAsync(tx, apiId, ct) is not { } found) return ApiProblems.NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(ApiView.Of(found));
    }
}
