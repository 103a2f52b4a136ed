using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET, POST /account/two-step/sms</c>: chooses one of her numbers and has a code sent to it. <c>POST …/sms/verify</c>: the code; from then on her second
/// step's codes go there, and the answer shows the recovery codes. <c>POST …/sms/remove</c>: none do any more. All after a fresh proof.
/// </summary>
internal static class TwoStepSms
{
    internal const string Path = "/account/two-step/sms", CodePath = Path + "/verify", RemovePath = Path + "/remove";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/two-step/sms", ShowAsync);
        account.MapPost("/two-step/sms", SendAsync);
        account.MapPost("/two-step/sms/verify", VerifyAsync);
        account.MapPost("/two-step/sms/remove", RemoveAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MySmsStep sms, CancellationToken ct) =>
        (await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)
            ? await PageAsync(Own.Of(http, tenant, visitor), sms, http.Request.Query["phone"].ToString(), null, ct)
            : signIn;

    private static async Task<IResult> SendAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MySmsStep sms, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var me = Own.Of(http, tenant, visitor);
        if (!PhoneId.TryParse(form["phone"], out var phone)) return new SeeOther(tenant.PathBase + Path);
        return await sms.SendAsync(me, phone, ct) is { } problem
            ? await PageAsync(me, sms, "", problem, ct)
            : new SeeOther($"{tenant.PathBase}{Path}?phone={phone}");
    }

    private static async Task<IResult> VerifyAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MySmsStep sms, SmsAuthenticator authenticator, SessionDirectory sessions, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var me = Own.Of(http, tenant, visitor);
        string? secret = null;
        var enabled = await sms.EnableAsync(me, PhoneId.TryParse(form["phone"], out var phone) ? phone : default, form["code"], async tx =>
        {
            // She has now proved both, unless it was by this telephone that she began: the session says so, with a new secret.
            if (!visitor.Session.Methods.Contains("sms", StringComparer.Ordinal))
                (_, secret) = await sessions.StartAsync(tx, tenant, me.Id, Assurance.Combine(visitor.Session.Methods.Concat(authenticator.Methods)), http, ct);
        }, ct);
        if (!enabled.TryGet(out var codes, out var problem)) return await PageAsync(me, sms, form["phone"], problem, ct);
        if (secret is not null) sessions.SetCookie(http, tenant, secret);
        return codes.Count > 0
            ? PageResult.Of<TwoStepCodesPage, TwoStepCodesModel>(new(visitor.Name, codes, TurnedOn: true))
            : new SeeOther(tenant.PathBase + TwoStep.Path + "?on=1");
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MySmsStep sms, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, TwoStep.Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        return new SeeOther(tenant.PathBase + TwoStep.Path + (await sms.RemoveAsync(Own.Of(http, tenant, visitor), ct) is null ? "?removed=sms" : ""));
    }

    private static async ValueTask<PageResult> PageAsync(Own me, MySmsStep sms, string chosen, Problem? problem, CancellationToken ct)
    {
        var phones = me.Visitor.User.Phones.Where(p => p.Verified).ToList();
        var sent = PhoneId.TryParse(chosen, out var id) && await sms.IsSentAsync(me, id, ct) ? phones.FirstOrDefault(p => p.Id == id) : null;
        return PageResult.Of<TwoStepSmsPage, TwoStepSmsModel>(new(me.Visitor.Name, phones, sent, problem?.Code), new PageOptions(problem is null ? 200 : problem.Status == 429 ? 429 : 422));
    }
}

/// <param name="Phones">Her numbers that are verified.</param>
/// <param name="Sent">The one that a code has just been sent to, if one has.</param>
public sealed record TwoStepSmsModel(string Name, IReadOnlyList<UserPhone> Phones, UserPhone? Sent, string? Problem);
