using Gatehouse.Http;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>POST /account/recovery/cancel</c>: stops a recovery of her account; the overview tells of it.</summary>
internal static class OwnRecovery
{
    internal const string CancelPath = "/account/recovery/cancel";

    internal static void Map(IEndpointRouteBuilder account) => account.MapPost("/recovery/cancel", CancelAsync);

    private static async Task<IResult> CancelAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyRecovery mine, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, ShowAccount.Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await mine.CancelAsync(Own.Of(http, tenant, visitor), ct);
        return new SeeOther(tenant.PathBase + ShowAccount.Path + "?recovery=cancelled");
    }
}
