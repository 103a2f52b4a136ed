using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET /account/activity</c>: what happened in my account, in plain words.</summary>
internal static class OwnActivity
{
    internal const string Path = "/account/activity";

    internal static void Map(IEndpointRouteBuilder account) => account.MapGet("/activity", ShowAsync);

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyActivity activity, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (!PageRequest.Parse("25", http.Request.Query["cursor"]).TryGet(out var page, out _)) return ErrorResult.Of(400, "request_invalid", Path);
        var found = await activity.ListAsync(Own.Of(http, tenant, visitor), page, ct);
        return PageResult.Of<ActivityPage, ActivityModel>(new(visitor.Name, found.Items, found.Next));
    }
}

/// <param name="Next">The cursor of the following page; null on the last.</param>
public sealed record ActivityModel(string Name, IReadOnlyList<Activity> Items, string? Next);
