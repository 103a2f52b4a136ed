using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/two-step</c>: whether her sign-in has a second step, and how often the recovery codes still help. <c>GET, POST …/remove</c>:
/// takes it away, after a fresh proof, unless the tenant requires one.
/// </summary>
internal static class TwoStep
{
    internal const string Path = "/account/two-step", RemovePath = "/account/two-step/remove";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/two-step", ShowAsync);
        account.MapGet("/two-step/remove", ConfirmRemovalAsync);
        account.MapPost("/two-step/remove", RemoveAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyTwoStep mine, MySmsStep sms, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var me = Own.Of(http, tenant, visitor);
        var states = await mine.DescribeAsync(me, ct);
        return PageResult.Of<TwoStepPage, TwoStepModel>(new(visitor.Name, states.FirstOrDefault(s => s.Name == TotpAuthenticator.AuthenticatorName),
            states.FirstOrDefault(s => s.Name == SmsAuthenticator.AuthenticatorName), (await sms.FindPhoneAsync(me, ct))?.Number, states.FirstOrDefault(s => s.Name == RecoveryCodes.AuthenticatorName),
            MyTwoStep.IsRequired(tenant), http.Request.Query["removed"].ToString(), http.Request.Query.ContainsKey("on")));
    }

    private static async Task<IResult> ConfirmRemovalAsync(HttpContext http, TenantContext tenant, Visitors visitors, CancellationToken ct) =>
        !(await visitors.FindFreshAsync(http, tenant, RemovePath, ct)).TryGet(out var visitor, out var signIn) ? signIn
        : MyTwoStep.IsRequired(tenant) ? new SeeOther(tenant.PathBase + Path)
        : PageResult.Of<TwoStepRemovePage, TwoStepRemoveModel>(new(visitor.Name));

    private static async Task<IResult> RemoveAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyTwoStep mine, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, RemovePath, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var refused = await mine.RemoveAsync(Own.Of(http, tenant, visitor), ct);
        return new SeeOther(tenant.PathBase + Path + (refused is null ? "?removed=1" : ""));
    }
}

/// <param name="App">Her code app; null when her sign-in has one step.</param>
/// <param name="Sms">Codes by text message; null when she has not chosen them.</param>
/// <param name="Number">Where they go.</param>
/// <param name="Codes">Her recovery codes; null when she has none.</param>
/// <param name="Required">The tenant does not let her do without.</param>
/// <param name="Removed">What has just been removed: <c>1</c>, all of it; <c>sms</c>; or nothing.</param>
/// <param name="TurnedOn">One has just been added.</param>
public sealed record TwoStepModel(string Name, AuthenticatorState? App, AuthenticatorState? Sms, string? Number, AuthenticatorState? Codes, bool Required, string Removed, bool TurnedOn)
{
    public bool On => App is not null || Sms is not null;
}

public sealed record TwoStepRemoveModel(string Name);
