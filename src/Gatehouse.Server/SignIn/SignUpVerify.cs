using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signup/verify?token=…</c>, <c>POST /signup/passkey?token=…</c>: behind the link of the verification message. Looking changes nothing but the
/// challenge of a passkey (mail scanners look); choosing a password, or making a passkey instead, makes the account, with a verified address,
/// and signs in.
/// </summary>
internal static class SignUpVerify
{
    internal const string Path = "/signup/verify", PasskeyPath = "/signup/passkey";

    /// <summary>What the script of the page fills in.</summary>
    internal static readonly string[] Inputs = ["id", "client_data", "data", "transports"];

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitPasswordAsync);
        pages.MapPost(PasskeyPath, SubmitPasskeyAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, RequestFacts request, SignUpCredentials credentials, IDatabase database, OneTimeLinks links, RegistrationFlow registration, CancellationToken ct)
    {
        var token = http.Request.Query["token"].ToString();
        SignUpDraft? draft;
        await using (var tx = await database.ReadAsync(tenant.Id, ct)) draft = await FindAsync(tx, links, token, ct);
        if (draft is null) return Invalid();
        var verdict = await registration.JudgeAsync(tenant, draft.Client, request, ct);
        return verdict.DeniedBy is null ? Show(token, draft, null, await credentials.OfferAsync(tenant, token, draft, Ask(verdict, draft, null), ct)) : SignUpStep.Closed(null);
    }

    private static Task<IResult> SubmitPasswordAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, OneTimeLinks links, SignUpCredentials credentials,
        UserDirectory users, SignInRun run, Advance advance, Interactions interactions, SignInMetrics metrics, StepPages pages, RegistrationFlow registration, AuditLog audit, TimeProvider clock, CancellationToken ct) =>
        SubmitAsync(byPasskey: false, http, tenant, request, forms, database, links, credentials, users, run, advance, interactions, metrics, pages, registration, audit, clock, ct);

    private static Task<IResult> SubmitPasskeyAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, OneTimeLinks links, SignUpCredentials credentials,
        UserDirectory users, SignInRun run, Advance advance, Interactions interactions, SignInMetrics metrics, StepPages pages, RegistrationFlow registration, AuditLog audit, TimeProvider clock, CancellationToken ct) =>
        SubmitAsync(byPasskey: true, http, tenant, request, forms, database, links, credentials, users, run, advance, interactions, metrics, pages, registration, audit, clock, ct);

    private static async Task<IResult> SubmitAsync(bool byPasskey, HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, OneTimeLinks links, SignUpCredentials credentials,
        UserDirectory users, SignInRun run, Advance advance, Interactions interactions, SignInMetrics metrics, StepPages pages, RegistrationFlow registration, AuditLog audit, TimeProvider clock, CancellationToken ct)
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
        async ValueTask<IResult> AgainAsync(string code) => Show(token, draft, code, await credentials.OfferAsync(tenant, token, draft, Ask(verdict, draft, (values, form)), ct));
        if (values.Faults.Count > 0) return await AgainAsync("values_invalid");
        if (!RegistrationFlow.AgreesTo(verdict, input)) return await AgainAsync("terms_not_accepted");
        if (!(await (byPasskey ? credentials.PasskeyAsync(tenant, token, form, request, ct) : credentials.PasswordAsync(tenant, draft, form["password"], ct))).TryGet(out var credential, out var code))
            return await AgainAsync(code);

        // Before the transaction, which waits for nobody.
        var heard = await registration.AskAsync(tenant, verdict, draft, values, fields, token, request, ct);
        if (heard.Any(h => !h.Answer.Allowed))
        {
            await registration.RefuseAsync(tenant, heard, request, ct);
            return SignUpStep.Closed(null);
        }

        var against = "";
        (Run Run, StepOutcome Outcome)? done = null;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (await links.RedeemAsync(tx, LinkPurpose.VerifyEmail, token, ct) is null) return Invalid();
            // The address may have become somebody's since the link was sent: then the link is as good as used.
            if (!(await users.CreateAsync(tx, draft.User ?? UserId.New(clock), address, verified: true, draft.Name, draft.Locale, ct)).TryGet(out var user, out var problem))
            {
                if (problem.Code == "email_taken") return Invalid();
                against = problem.Code;
            }
            else if (await credentials.GiveAsync(tx, tenant, user, credential, request, ct) is { } refused) against = refused;
            else if (await registration.WriteAsync(tx, user, verdict, fields, values, heard, request, ct) is { } fault) (values, against) = (values.With(fault), "values_invalid");
            else
            {
                await audit.AppendAsync(tx, new AuditEntry("user.registered", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request,
                    new Dictionary<string, string> { ["credential"] = byPasskey ? "passkey" : "password" }), ct);
                var interaction = await run.FindIfAnyAsync(tx, http, tenant, draft.Interaction?.ToString(), ct);
                if (interaction?.Demand.RequiredUser is not null) interaction = null;          // it waits for somebody else
                // What follows a first proof follows this one too, in the run she came from or in one to her account.
                if (interaction is null && !(await interactions.StartAsync(tx, tenant, http, "account", _ => "/account", "{}", new SignInDemand(LoginHint: address.Address), ct)).TryGet(out interaction, out var tooMany))
                    return tooMany;
                if (!await interactions.RememberIdentifierAsync(tx, interaction.Id, address.Address, ct)) return SignInRun.Expired();
                var found = new Run(http, tenant, request, interaction with { Identifier = address.Address, Step = interaction.Step + 1, Proved = null }, DeviceCookie.Ensure(http, tenant), Headless: false);
                var outcome = await advance.AfterAsync(tx, found, user.Id, credential.Methods, ct);
                metrics.Registered();
                done = (found, outcome);
            }
        }
        if (done is var (after, then)) return await pages.GoOnAsync(after, then, ct);
        // Nothing of it was committed: neither the account nor that the link was used.
        return await AgainAsync(against);
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

    /// <summary>What her browser is asked to make instead of a password; null where no passkey is offered.</summary>
    public PasskeyCreation? Passkey { get; init; }

    public string PasskeyAction { get; init; } = "";

    /// <summary>Whether a password will do.</summary>
    public bool Password { get; init; } = true;

    /// <summary>The terms that were ticked.</summary>
    public IReadOnlyList<string> Agreed { get; init; } = [];
}

/// <param name="AgainPath">Where a new link is to be had.</param>
public sealed record LinkInvalidModel(string AgainPath);
