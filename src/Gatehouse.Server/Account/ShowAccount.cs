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

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyRecovery mine, MyOrganizations organizations, MyKeys keys, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var recovery = await mine.FindAsync(Own.Of(http, tenant, visitor), ct);
        return PageResult.Of<AccountPage, AccountModel>(new(visitor.Name, visitor.User, OwnAttributes.List(tenant, visitor.User), recovery?.ReadyAt, http.Request.Query["recovery"] == "cancelled",
            [.. (await organizations.ListAsync(Own.Of(http, tenant, visitor), ct)).Select(o => o.Organization.DisplayName)],
            (await organizations.ListInvitationsAsync(Own.Of(http, tenant, visitor), null, ct)).Count > 0)
        {
            Keys = await keys.AreThereAsync(Own.Of(http, tenant, visitor), ct),
        });
    }
}

/// <param name="Name">What the person is shown as.</param>
/// <param name="RecoveryReadyAt">From when on a recovery of her account that is under way can be completed; null: there is none.</param>
/// <param name="RecoveryCancelled">She has just stopped one.</param>
/// <param name="Organizations">What those are called that she belongs to.</param>
/// <param name="Invited">An invitation waits for her answer.</param>
public sealed record AccountModel(string Name, User User, IReadOnlyList<OwnFact> Attributes, DateTimeOffset? RecoveryReadyAt, bool RecoveryCancelled, IReadOnlyList<string> Organizations, bool Invited)
{
    /// <summary>Whether she has keys of her own, or may make some.</summary>
    public bool Keys { get; init; }
}
