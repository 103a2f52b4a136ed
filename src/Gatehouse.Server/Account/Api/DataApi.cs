using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET /account/v1/data</c>: everything at once.</summary>
internal static class DataApi
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/data", GetAsync).WithName("data.get").WithSummary("Download what is known of me").RequirePermission(AccountScopes.Read).RequireFreshProof();

    /// <returns>200; 412 <c>version_mismatch</c>; 429 <c>data_too_often</c>.</returns>
    internal static async Task<Results<Ok<DataView>, ProblemHttpResult>> GetAsync(HttpContext http, TenantContext tenant, Own me, MyData data, CancellationToken ct)
    {
        if ((await data.GatherAsync(me, ct)).TryGet(out var all, out var problem)) return TypedResults.Ok(all);
        if (problem.Status == StatusCodes.Status429TooManyRequests) http.Response.Headers.RetryAfter = "86400";
        return problem.ToHttp();
    }
}
