using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signup/verify?token=…</c>: behind the link of the verification message. Looking changes nothing (mail scanners look);
/// choosing a password makes the account, with a verified address, and signs in.
/// </summary>
internal static class SignUpVerify
{
    internal const string Path = "/signup/verify";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, RequestFacts request, IDatabase database, OneTimeLinks links, RegistrationFlow registration, CancellationToken ct)
    {
        var token = http.Request.Query["token"].ToString();
        SignUpDraft? draft;
        await using (var tx = await database.ReadAsync(tenant.Id, ct)) draft = await FindAsync(tx, links, token, ct);
        if (draft is null) return Invalid();
        var verdict = await registration.JudgeAsync(tenant, draft.Client, request, ct);
        return verdict.DeniedBy is null ? Show(token, draft, null, Ask(verdict, draft, null)) : SignUpStep.Closed(null);
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, OneTimeLinks links,
        Passwords passwords, UserDirectory users, SignInRun run, Advance advance, Interactions interactions, SignInMetrics metrics, StepPages pages, RegistrationFlow registration, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        var token = http.Request.Query["token"].ToString();
        SignUpDraft? draft;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) draft = await FindAsync(read, links, token, ct);
        if (draft is null || !EmailAddress.Parse(draft.Email).TryGet(out var address, out _)) return Invalid();
        var verdict = await registration.JudgeAsync(tenant, draft.Client, request, ct);
        if (verdict.DeniedBy is not null) return SignUpStep.Closed(null);
        var (fields, input) = (RegistrationFlow.FieldsOf(verdict, draft), StepInput.Of(form));
        var values = CollectedValues.Read(fields, input);
        PageResult Again(string code) => Show(token, draft, code, Ask(verdict, draft, (values, form)));
        if (values.Faults.Count > 0) return Again("values_invalid");
        if (!RegistrationFlow.AgreesTo(verdict, input)) return Again("terms_not_accepted");
        if (!(await passwords.HashNewAsync(tenant, form["password"], draft.Email, ct)).TryGet(out var phc, out var problem)) return Again(problem.Code);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await links.RedeemAsync(tx, LinkPurpose.VerifyEmail, token, ct) is null) return Invalid();
        // The address may have become somebody's since the link was sent: then the link is as good as used.
        if (!(await users.CreateAsync(tx, address, verified: true, draft.Name, draft.Locale, ct)).TryGet(out var user, out problem))
            return problem.Code == "email_taken" ? Invalid() : Again(problem.Code);
        await passwords.SetAsync(tx, user.Id, phc, ct);
        await audit.AppendAsync(tx, new AuditEntry("user.registered", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request), ct);
        if (await registration.WriteAsync(tx, user, verdict, fields, values, request, ct) is { } against)
        {
            values = values.With(against);
            return Again("values_invalid");
        }
        var interaction = await run.FindIfAnyAsync(tx, http, tenant, draft.Interaction?.ToString(), ct);
        if (interaction?.Demand.RequiredUser is not null) interaction = null;          // it waits for somebody else
        // What follows a password follows this one too, in the run she came from or in one to her account.
        if (interaction is null && !(await interactions.StartAsync(tx, tenant, http, "account", _ => "/account", "{}", new SignInDemand(LoginHint: address.Address), ct)).TryGet(out interaction, out var tooMany))
            return tooMany;
        if (!await interactions.RememberIdentifierAsync(tx, interaction.Id, address.Address, ct)) return SignInRun.Expired();
        var found = new Run(http, tenant, request, interaction with { Identifier = address.Address, Step = interaction.Step + 1, Proved = null }, DeviceCookie.Ensure(http, tenant), Headless: false);
        var outcome = await advance.AfterAsync(tx, found, user.Id, ["pwd"], ct);
        metrics.Registered();
        return pages.Answer(found, outcome);
    }

    /// <summary>A link issued for an address that already had an account was never sent, and makes nothing.</summary>
    private static async ValueTask<SignUpDraft?> FindAsync(TenantTransaction tx, OneTimeLinks links, string token, CancellationToken ct) =>
        await links.FindAsync(tx, LinkPurpose.VerifyEmail, token, ct) is { UserId: null } link
            ? JsonSerializer.Deserialize(link.Payload, SignInJson.Default.SignUpDraft)
            : null;

    private static PageResult Invalid() => PageResult.Of<LinkInvalidPage, LinkInvalidModel>(new(SignUpStep.Path), new PageOptions(StatusCodes.Status400BadRequest));

    /// <summary>The flow's part of the page, as it is asked or, with an answer, asked again.</summary>
    private static ChoosePasswordModel Ask(FlowVerdict verdict, SignUpDraft draft, (CollectedValues Values, PageForm Form)? answer)
    {
        var terms = RegistrationFlow.TermsOf(verdict, draft.Locale);
        return new("", draft.Email, IsNewAccount: true, null)
        {
            Fields = CollectedValues.Questions(RegistrationFlow.FieldsOf(verdict, draft), draft.Locale, answer?.Values),
            Terms = terms,
            Agreed = [.. terms.Where(t => answer?.Form[t.Field] == t.Version).Select(t => t.Field)],
        };
    }

    private static PageResult Show(string token, SignUpDraft draft, string? problem, ChoosePasswordModel page) =>
        PageResult.Of<ChoosePasswordPage, ChoosePasswordModel>(page with { Action = $"{Path}?token={token}", Problem = problem }, new PageOptions(problem is null ? 200 : 422, [draft.Locale]));
}

/// <param name="Action">Where the form goes, with the link's token.</param>
public sealed record ChoosePasswordModel(string Action, string Email, bool IsNewAccount, string? Problem)
{
    /// <summary>What the tenant's flow wants to know of whoever registers.</summary>
    public IReadOnlyList<CollectQuestion> Fields { get; init; } = [];
    public IReadOnlyList<RegistrationTerms> Terms { get; init; } = [];

    /// <summary>The terms that were ticked.</summary>
    public IReadOnlyList<string> Agreed { get; init; } = [];
}

/// <param name="AgainPath">Where a new link is to be had.</param>
public sealed record LinkInvalidModel(string AgainPath);
