using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signup</c>, <c>GET /signup/sent</c>: asks for an address and sends a link to it. No account exists before the link is
/// followed, so an address that nobody proved occupies nothing. A known address gets another message and the browser the same answer.
/// </summary>
internal static class SignUpStep
{
    internal const string Path = "/signup", SentPath = "/signup/sent";
    internal static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(60);

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync).AddEndpointFilter(AnswerTime.FilterAsync);
        pages.MapGet(SentPath, ShowSentAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, RequestFacts request, SignInRun run, RegistrationFlow registration, CancellationToken ct)
    {
        var interaction = await run.FindIfAnyAsync(http, tenant, ct);
        if (!tenant.Settings.Registration.Open || (await registration.JudgeAsync(tenant, interaction?.Demand.Client, request, ct)).DeniedBy is not null) return Closed(interaction);
        return Show(interaction, interaction?.Identifier ?? interaction?.Demand.LoginHint, null, null);
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, SignInRun run,
        UserDirectory users, OneTimeLinks links, RateLimit limits, Mailer mailer, RegistrationFlow registration, Refusals refusals, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        var asked = await run.FindIfAnyAsync(http, tenant, ct);
        var denied = (await registration.JudgeAsync(tenant, asked?.Demand.Client, request, ct)).DeniedBy;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var interaction = await run.FindIfAnyAsync(tx, http, tenant, ct);
        if (!tenant.Settings.Registration.Open) return Closed(interaction);
        if (denied is not null)
        {
            await refusals.RecordAsync(tx, new AuditEntry("registration.requested", AuditOutcome.Denied, AuditActor.Anonymous, null, null, request,
                new Dictionary<string, string> { ["result"] = "sign_up_denied", ["step"] = denied.Id }), throttled: true, ct);
            await tx.CommitAsync(ct);
            return Closed(interaction);
        }
        if (!EmailAddress.Parse(form["email"]).TryGet(out var address, out var problem)) return Show(interaction, form["email"], form["name"], problem.Code);
        if (form["name"].Length > SignUpDraft.MaxNameLength) return Show(interaction, form["email"], form["name"], "name_invalid");
        if (!await MailBudget.TryTakeAsync(tx, limits, "signup.ip", request, ct)) return MailBudget.Exhausted();

        var locale = LocaleChoice.For(http, tenant, interaction?.Demand.UiLocales, interaction?.Id).Tag;
        var existing = await users.FindByEmailAsync(tx, address, ct);
        // Both ways store a link and queue a message, so that neither the answer nor its time tells them apart.
        var draft = new SignUpDraft(address.Address, form["name"], locale, interaction?.Id, interaction?.Demand.Client, UserId.New(clock));
        var token = await links.IssueAsync(tx, LinkPurpose.VerifyEmail, existing?.Id, null, JsonSerializer.Serialize(draft, SignInJson.Default.SignUpDraft), LinkLifetime, ct);
        var mail = existing is null
            ? new Mail(address.Address, "verify_email", locale, MailValues.Of(tenant.Url($"{SignUpVerify.Path}?token={token}"), LinkLifetime))
            : new Mail(existing.EmailOf(address).Address, "already_registered", existing.Locale ?? locale, MailValues.Of(tenant.Url(IdentifierStep.PagePath), LinkLifetime));
        var queued = await mailer.QueueAsync(tx, tenant, mail, ct);
        await audit.AppendAsync(tx, new AuditEntry("registration.requested", queued ? AuditOutcome.Success : AuditOutcome.Denied, AuditActor.Anonymous,
            existing is null ? null : "user", existing?.Id.ToString(), request,
            new Dictionary<string, string> { ["result"] = !queued ? "mail_limit" : existing is null ? "link_sent" : "already_registered" }), ct);
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, SignInRun.Path(SentPath, interaction?.Id));
    }

    private static async Task<IResult> ShowSentAsync(HttpContext http, TenantContext tenant, SignInRun run, CancellationToken ct)
    {
        var interaction = await run.FindIfAnyAsync(http, tenant, ct);
        return PageResult.Of<SentPage, SentModel>(new(interaction?.Id, ForRegistration: true), SignInRun.Options(interaction));
    }

    private static PageResult Show(Interaction? interaction, string? email, string? name, string? problem) =>
        PageResult.Of<SignUpPage, SignUpModel>(new(interaction?.Id, interaction?.Demand.ApplicationName, email, name, problem),
            SignInRun.Options(interaction, problem is null ? 200 : 422));

    internal static PageResult Closed(Interaction? interaction) =>
        PageResult.Of<ClosedPage, ClosedModel>(new(interaction?.Id), SignInRun.Options(interaction, StatusCodes.Status403Forbidden));
}

public sealed record SignUpModel(InteractionId? Interaction, string? Application, string? Email, string? Name, string? Problem);

public sealed record SentModel(InteractionId? Interaction, bool ForRegistration);

public sealed record ClosedModel(InteractionId? Interaction);
