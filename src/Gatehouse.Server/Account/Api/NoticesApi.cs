using Gatehouse.Http;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET, PATCH /account/v1/notices</c>: which messages I want.</summary>
internal static class NoticesApi
{
    /// <summary>What may be changed; for the documentation of the API.</summary>
    internal sealed record Patch(bool? ApplicationAllowed, bool? ProfileChanged);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/notices", GetAsync).WithName("notices.get").WithSummary("See which messages I want").RequirePermission(AccountScopes.Read);
        api.MapPatch("/notices", PatchAsync).WithName("notices.update").WithSummary("Say which messages I want").RequirePermission(AccountScopes.Write)
            .Accepts<Patch>("application/merge-patch+json", "application/json");
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<NoticesView>> GetAsync(TenantContext tenant, Own me, MyNotices notices, CancellationToken ct) => TypedResults.Ok(new NoticesView(await notices.ListAsync(me, ct)));

    /// <returns>200; 422 <c>member_unknown</c>, <c>member_invalid</c>.</returns>
    internal static async Task<Results<Ok<NoticesView>, ProblemHttpResult>> PatchAsync(MergePatch patch, TenantContext tenant, Own me, MyNotices notices, CancellationToken ct)
    {
        if (patch.Expect([.. UserNotices.Optional]) is { } wrong) return wrong.ToHttp();
        var wanted = UserNotices.Optional.Where(patch.Has).ToDictionary(notice => notice, notice => patch.Flag(notice, true), StringComparer.Ordinal);
        if (patch.Problem is { } mistyped) return mistyped.ToHttp();
        return TypedResults.Ok(new NoticesView(await notices.SetAsync(me, wanted, ct)));
    }
}
