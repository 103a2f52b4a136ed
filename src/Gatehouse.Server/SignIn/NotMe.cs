using System.Globalization;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signin/not-me?token=…</c>, <c>GET /signin/not-me/done</c>: behind the link of a notice by which its reader says that it was not
/// her. Looking changes nothing. It signs nobody in: she is sent a link to choose a new password, to the address that the notice went to.
/// </summary>
internal static class NotMe
{
    internal const string Path = "/signin/not-me", DonePath = "/signin/not-me/done";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync);
        pages.MapGet(DonePath, static (HttpContext http, TenantContext tenant) => PageResult.Of<NotMeDonePage, NotMeDoneModel>(new(http.Request.Query["sent"] == "1")));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, IDatabase database, Disowning disowning, CancellationToken ct)
    {
        var token = http.Request.Query["token"].ToString();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await disowning.FindAsync(tx, token, ct) is not { } notice) return Invalid();
        return PageResult.Of<NotMePage, NotMeModel>(new($"{Path}?token={token}", notice.User.PrimaryEmail?.Address ?? notice.User.Id.ToString(), notice.Email is not null),
            new PageOptions(UiLocales: notice.User.Locale is { } locale ? [locale] : null));
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, Disowning disowning,
        OneTimeLinks links, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await disowning.DisownAsync(tx, tenant, http.Request.Query["token"].ToString(), ct) is not { } notice) return Invalid();
        var user = notice.User;
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["notice"] = notice.Notice, ["reset"] = notice.Email is null ? "false" : "true" };
        if (notice.Passkey is { } passkey) details["passkey"] = passkey.ToString();
        await audit.AppendAsync(tx, new AuditEntry("account.disowned", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request, details), ct);
        if (notice.Email is { } email)
        {
            var reset = await links.IssueAsync(tx, LinkPurpose.ResetPassword, user.Id, email.Id, notice.HadPassword ? OneTimeLinks.Disowned : "", ForgotStep.LinkLifetime, ct);
            await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "account_secured", user.Locale ?? LocaleChoice.For(http, tenant).Tag,
                MailValues.Of(tenant.Url($"{ResetStep.Path}?token={reset}"), ForgotStep.LinkLifetime)), ct);
        }
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, string.Create(CultureInfo.InvariantCulture, $"{DonePath}?sent={(notice.Email is null ? 0 : 1)}"));
    }

    private static PageResult Invalid() => PageResult.Of<LinkInvalidPage, LinkInvalidModel>(new(ForgotStep.Path), new PageOptions(StatusCodes.Status400BadRequest));
}

/// <param name="Action">Where the form goes, with the link's token.</param>
/// <param name="Account">Whose account it is.</param>
/// <param name="SendsLink">The address is hers still, so that a new password can be chosen by it.</param>
public sealed record NotMeModel(string Action, string Account, bool SendsLink);

/// <param name="Sent">A link to choose a new password is on its way.</param>
public sealed record NotMeDoneModel(bool Sent);
