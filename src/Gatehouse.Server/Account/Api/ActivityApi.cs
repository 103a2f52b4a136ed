using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET /account/v1/activity</c>: what happened in my account, newest first.</summary>
internal static class ActivityApi
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/activity", ListAsync).WithName("activity.list").WithSummary("List what happened in my account").RequirePermission(AccountScopes.Read);

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<ActivityView>>, ProblemHttpResult>> ListAsync(string? limit, string? cursor, TenantContext tenant, Own me, MyActivity activity, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        var found = await activity.ListAsync(me, page, ct);
        return TypedResults.Ok(new Page<ActivityView>([.. found.Items.Select(ActivityView.Of)], found.Next));
    }
}
