using System.Text.Json;
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
internal sealed class SignUpVerify(Forms forms, IDatabase database, OneTimeLinks links, SignUpCredentials credentials, SignUpAccounts accounts, SignInRun run, Interactions interactions, StepPages pages, RegistrationFlow registration, TimeProvider clock)
{
    internal const string Path = "/signup/verify", PasskeyPath = "/signup/passkey";

    /// <summary>What the script of the page fills in.</summary>
    internal static readonly string[] Inputs = ["id", "client_data", "data", "transports"];

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, static (HttpContext http, TenantContext tenant, RequestFacts request, SignUpVerify self, CancellationToken ct) => self.ShowAsync(http, tenant, request, ct));
        pages.MapPost(Path, static (HttpContext http, TenantContext tenant, RequestFacts request, SignUpVerify self, CancellationToken ct) => self.SubmitAsync(byPasskey: false, http, tenant, request, ct));
        pages.MapPost(PasskeyPath, static (HttpContext http, TenantContext tenant, RequestFacts request, SignUpVerify self, CancellationToken ct) => self.SubmitAsync(byPasskey: true, http, tenant, request, ct));
    }

    private async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, RequestFacts request, CancellationToken ct)
    {
        var token = http.Request.Query["token"].ToString();
        SignUpDraft? draft;
        await using (var tx = await database.ReadAsync(tenant.Id, ct)) draft = await FindAsync(tx, token, ct);
        if (draft is null) return Invalid();
        var verdict = await registration.JudgeAsync(tenant, draft.Client, request, ct);
        return verdict.DeniedBy is null ? Show(token, draft, null, await credentials.OfferAsync(tenant, token, draft, Ask(verdict, draft, null), ct)) : SignUpStep.Closed(null);
    }

    private async Task<IResult> SubmitAsync(bool byPasskey, HttpContext http, TenantContext tenant, RequestFacts request, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        var token = http.Request.Query["token"].ToString();
        SignUpDraft? draft;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) draft = await FindAsync(read, token, ct);
        if (draft is null || !EmailAddress.Parse(draft.Email).TryGet(out var address, out _)) return Invalid();
        var verdict = await registration.JudgeAsync(tenant, draft.Client, request, ct);
        if (verdict.DeniedBy is not null) return SignUpStep.Closed(null);
        var way = new SignUpWay(byPasskey, SignUpCredentials.Subject(token), token);
        async ValueTask<IResult> AgainAsync(SignUpFault fault) => fault.Code == SignUpFault.Closed
            ? SignUpStep.Closed(null)
            : Show(token, draft, fault.Code, await credentials.OfferAsync(tenant, token, draft, Ask(verdict, draft, fault.Values is { } values ? (values, form) : null), ct));
        if (!(await accounts.JudgeAsync(tenant, draft, verdict, way, StepInput.Of(form), request, ct)).TryGet(out var answer, out var fault)) return await AgainAsync(fault);

        (Run Run, StepOutcome Outcome)? done = null;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (await links.RedeemAsync(tx, LinkPurpose.VerifyEmail, token, ct) is null) return Invalid();
            if ((await accounts.MakeAsync(tx, tenant, draft, address, draft.User ?? UserId.New(clock), answer, request, ct)).TryGet(out var user, out fault))
            {
                var interaction = await run.FindIfAnyAsync(tx, http, tenant, draft.Interaction?.ToString(), ct);
                if (interaction?.Demand.RequiredUser is not null) interaction = null;          // it waits for somebody else
                // In the run she came from, or in one to her account.
                if (interaction is null && !(await interactions.StartAsync(tx, tenant, http, "account", _ => "/account", "{}", new SignInDemand(LoginHint: address.Address), ct)).TryGet(out interaction, out var tooMany))
                    return tooMany;
                done = await accounts.SignInAsync(tx, new Run(http, tenant, request, interaction, DeviceCookie.Ensure(http, tenant), Headless: false), user, address, answer, ct);
            }
            // The address may have become somebody's since the link was sent: then the link is as good as used.
            else if (fault!.Code == SignUpFault.Taken) return Invalid();
        }
        if (done is var (after, then)) return await pages.GoOnAsync(after, then, ct);
        // Nothing of it was committed: neither the account nor that the link was used.
        return await AgainAsync(fault!);
    }

    /// <summary>A link issued for an address that already had an account was never sent, and makes nothing.</summary>
    private async ValueTask<SignUpDraft?> FindAsync(TenantTransaction tx, string token, CancellationToken ct) =>
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
