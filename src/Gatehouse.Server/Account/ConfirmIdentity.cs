using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/confirm?to=…</c>: has the person prove once more who she is and goes on to a page of her account. Where the account API
/// sends a browser whose proof is too old.
/// </summary>
internal static partial class ConfirmIdentity
{
    internal const string Path = "/account/confirm";

    internal static void Map(IEndpointRouteBuilder account) => account.MapGet("/confirm", GoAsync);

    /// <param name="to">A page of the account.</param>
    internal static string For(string to) => $"{Path}?to={to}";

    private static async Task<IResult> GoAsync(string? to, HttpContext http, TenantContext tenant, Visitors visitors, CancellationToken ct)
    {
        // Nowhere else: an address from outside decides among our own pages.
        var next = to is not null && AccountPath().IsMatch(to) ? to : ShowAccount.Path;
        return (await visitors.FindFreshAsync(http, tenant, next, ct)).TryGet(out _, out var signIn) ? new SeeOther(tenant.PathBase + next) : signIn;
    }

    [GeneratedRegex(@"\A/account(/[a-z-]{1,40}){0,3}\z")]
    private static partial Regex AccountPath();
}
