using System.Globalization;
using Gatehouse.ApiKeys;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/keys</c>, <c>POST …/make</c>, <c>…/revoke</c>: what programs act with in my name. Both want a fresh proof. The answer to a key made shows its secret and is
/// no redirect: nothing here still knows it afterwards.
/// </summary>
internal static class OwnKeys
{
    internal const string Path = "/account/keys", MakePath = Path + "/make", RevokePath = Path + "/revoke", ScopesField = "scopes";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/keys", ShowAsync);
        account.MapPost("/keys/make", MakeAsync);
        account.MapPost("/keys/revoke", RevokeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyKeys mine, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn) ? await PageAsync(Own.Of(http, tenant, visitor), visitors, mine, KeyForm.Empty, null, null, ct) : signIn;

    private static async Task<IResult> MakeAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, MyKeys mine, TimeProvider clock, CancellationToken ct)
    {
        if (!(await forms.ReadFreshAsync(http, tenant, Path, ct, [ScopesField])).TryGet(out var sent, out var elsewhere)) return elsewhere;
        var typed = new KeyForm(sent["name"], sent["days"], sent.All(ScopesField));
        // No number is no time to come either: the room says so.
        DateTimeOffset? expires = typed.Days.Length == 0 ? null
            : clock.GetUtcNow().AddDays(int.TryParse(typed.Days, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= tenant.Settings.ApiKeys.MaxDays ? days : 0);
        return (await mine.MakeAsync(sent.Me, sent.Me.InPerson, new(typed.Name, typed.Scopes, null, expires), ct)).TryGet(out var made, out var problem)
            ? await PageAsync(sent.Me, visitors, mine, KeyForm.Empty, made, null, ct) : await PageAsync(sent.Me, visitors, mine, typed, null, problem, ct);
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyKeys mine, CancellationToken ct)
    {
        if (!(await forms.ReadFreshAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        // One that has ended, or is not hers: the list tells what is true now.
        await mine.RevokeAsync(sent.Me, sent["key"], ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async ValueTask<IResult> PageAsync(Own me, Visitors visitors, MyKeys mine, KeyForm typed, IssuedPersonalKey? made, Problem? problem, CancellationToken ct)
    {
        var settings = me.Tenant.Settings.ApiKeys;
        return PageResult.Of<KeysPage, KeysModel>(
            new(me.Visitor.Name, await mine.ListAsync(me, ct), await mine.FindOfferAsync(me, ct), await visitors.IsFreshAsync(me, ct), settings.MaxDays, settings.MaxPerOwner, typed, made, problem),
            new PageOptions(problem?.Status ?? 200));
    }
}

/// <param name="Days">How long it lives; empty: as long as the tenant allows.</param>
public sealed record KeyForm(string Name, string Days, IReadOnlyList<string> Scopes)
{
    internal static KeyForm Empty { get; } = new("", "", []);
}

/// <param name="Offered">What she may let a key do; null: she may make none.</param>
/// <param name="Fresh">She proved who she is a moment ago; else she is asked to first.</param>
/// <param name="MaxDays">The longest life of a key, days.</param>
/// <param name="Made">The one just made, with its secret; null on every other page.</param>
public sealed record KeysModel(string Name, IReadOnlyList<PersonalKey> Keys, IReadOnlyList<string>? Offered, bool Fresh, int MaxDays, int MaxKeys, KeyForm Typed, IssuedPersonalKey? Made, Problem? Problem);
