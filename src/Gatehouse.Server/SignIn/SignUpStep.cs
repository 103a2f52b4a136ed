using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
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
        SignUpRequest sender, RegistrationFlow registration, Refusals refusals, TimeProvider clock, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        var asked = await run.FindIfAnyAsync(http, tenant, ct);
        var denied = (await registration.JudgeAsync(tenant, asked?.Demand.Client, request, ct)).DeniedBy;
        if (tenant.Settings.Registration.Open && denied is not null) await registration.DenyAsync(tenant, denied, refusals, request, ct);
        if (!tenant.Settings.Registration.Open || denied is not null) return Closed(asked);
        if (!EmailAddress.Parse(form["email"]).TryGet(out var address, out var problem)) return Show(asked, form["email"], form["name"], problem.Code);
        if (!PersonName.Parse(form["name"], "name").TryGet(out _, out problem)) return Show(asked, form["email"], form["name"], problem.Code);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var interaction = await run.FindIfAnyAsync(tx, http, tenant, ct);
        var locale = LocaleChoice.For(http, tenant, interaction?.Demand.UiLocales, interaction?.Id).Tag;
        var draft = new SignUpDraft(address.Address, form["name"], locale, interaction?.Id, interaction?.Demand.Client, UserId.New(clock));
        if (await sender.SendAsync(tx, tenant, draft, address, null, request, ct) == SignUpSent.TooMany) return MailBudget.Exhausted();
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
