using System.Security.Cryptography;
using System.Text;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signin/forgot</c>, <c>GET /signin/forgot/sent</c>: sends a link to set a new password, if there is somebody to send it
/// to; the answer does not say. Where the tenant allows it, a code by text message instead (<see cref="ResetCodeStep"/>).
/// </summary>
internal static class ForgotStep
{
    internal const string Path = "/signin/forgot", SentPath = "/signin/forgot/sent";
    internal static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(30);

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync).AddEndpointFilter(AnswerTime.FilterAsync);
        pages.MapGet(SentPath, ShowSentAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, SignInRun run, CancellationToken ct)
    {
        var interaction = await run.FindIfAnyAsync(http, tenant, ct);
        return Show(tenant, interaction, interaction?.Identifier ?? interaction?.Demand.LoginHint, null);
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, SignInRun run,
        UserDirectory users, OneTimeLinks links, RateLimit limits, Mailer mailer, AuditLog audit, Interactions interactions, ResetCode reset, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (ResetCode.IsOffered(tenant))
        {
            // The one field takes either: no address is a number, and no number an address.
            if (PhoneNumber.Parse(form["email"], tenant.Settings.Sms.DefaultCountry) is { } number)
                return await ResetCodeStep.StartAsync(http, tenant, request, number.Value, database, run, interactions, limits, reset, ct);
            if (form["way"] == "sms" && EmailAddress.Parse(form["email"]).TryGet(out var named, out _))
                return await ResetCodeStep.StartAsync(http, tenant, request, named.Address, database, run, interactions, limits, reset, ct);
        }
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var interaction = await run.FindIfAnyAsync(tx, http, tenant, ct);
        if (!EmailAddress.Parse(form["email"]).TryGet(out var address, out var problem)) return Show(tenant, interaction, form["email"], problem.Code);
        if (!await MailBudget.TryTakeAsync(tx, limits, "reset.ip", request, ct)) return MailBudget.Exhausted();

        var user = await users.FindByEmailAsync(tx, address, ct) is { Status: UserStatus.Active } active ? active : null;
        var email = user?.EmailOf(address);
        // Also for nobody, step by step: a link that leads nowhere, a message that the worker drops. Else the time of the answer would tell
        // who has an account.
        var subject = user?.Id ?? Nobody(address);
        var token = await links.IssueAsync(tx, LinkPurpose.ResetPassword, subject, email?.Id, interaction?.Id.ToString() ?? "", LinkLifetime, ct);
        var chosen = LocaleChoice.For(http, tenant, interaction?.Demand.UiLocales, interaction?.Id).Tag;
        var mail = new Mail(email?.Address ?? address.Address, "reset_password", user?.Locale ?? chosen,
            MailValues.Of(tenant.Url($"{ResetStep.Path}?token={token}"), LinkLifetime), ForNobody: user is null);
        // Older links end when the new one is on its way, not before: else whoever uses up her share of mail keeps her from ever resetting.
        var queued = await mailer.QueueAsync(tx, tenant, mail, ct);
        if (queued) await links.VoidOthersAsync(tx, LinkPurpose.ResetPassword, subject, token, ct);
        var result = user is null ? "unknown_user" : queued ? "link_sent" : "mail_limit";
        await audit.AppendAsync(tx, new AuditEntry("password.reset_requested", result == "link_sent" ? AuditOutcome.Success : AuditOutcome.Denied, AuditActor.Anonymous,
            user is null ? null : "user", user?.Id.ToString(), request, new Dictionary<string, string> { ["result"] = result }), ct);
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, SignInRun.Path(SentPath, interaction?.Id));
    }

    /// <summary>Whom the links of an address without an account belong to: the same nobody each time, so that they replace each other like anybody's.</summary>
    private static UserId Nobody(EmailAddress address) => UserId.From(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(address.Normalized)).AsSpan(0, 16)));

    private static async Task<IResult> ShowSentAsync(HttpContext http, TenantContext tenant, SignInRun run, CancellationToken ct)
    {
        var interaction = await run.FindIfAnyAsync(http, tenant, ct);
        return PageResult.Of<SentPage, SentModel>(new(interaction?.Id, ForRegistration: false), SignInRun.Options(interaction));
    }

    private static PageResult Show(TenantContext tenant, Interaction? interaction, string? email, string? problem) =>
        PageResult.Of<ForgotPage, ForgotModel>(new(interaction?.Id, email, problem, ResetCode.IsOffered(tenant)), SignInRun.Options(interaction, problem is null ? 200 : 422));
}

/// <param name="Texted">Whether a code by text message will do as well.</param>
public sealed record ForgotModel(InteractionId? Interaction, string? Email, string? Problem, bool Texted);
