using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET /account</c>: who am I here?</summary>
internal static class ShowAccount
{
    internal const string Path = "/account";

    internal static void Map(IEndpointRouteBuilder account) => account.MapGet("", ShowAsync);

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)
            ? PageResult.Of<AccountPage, AccountModel>(new(visitor.Name, visitor.User, OwnAttributes.List(tenant, visitor.User)))
            : signIn;
}

/// <param name="Name">What the person is shown as.</param>
public sealed record AccountModel(string Name, User User, IReadOnlyList<OwnFact> Attributes);
