using System.Text.Json.Nodes;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Pages;
using Gatehouse.SignIn.Headless;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// The last step of registering in a program: what she will sign in with, a password or a passkey, and what the tenant's flow asks. Its answer makes the
/// account, once, and what follows is what follows any first proof.
/// </summary>
internal sealed class SignUpAccountStep(bool byPasskey, IDatabase database, Interactions interactions, RegistrationFlow registration, SignUpCredentials credentials, SignUpAccounts accounts) : IAdaptiveStep
{
    internal const string PasswordStepName = "sign_up_password", PasskeyStepName = "sign_up_passkey";

    public string Name => byPasskey ? PasskeyStepName : PasswordStepName;
    public string Path => SignUpStep.Path;

    public IReadOnlyList<StepField> Fields { get; } = byPasskey
        ? [.. SignUpVerify.Inputs.Select(i => new StepField(i, i == "transports" ? "text" : "base64url", 64 * 1024, Optional: i == "transports"))]
        : [new("password", "password", 1024)];

    public async ValueTask<IReadOnlyList<StepField>> FieldsAsync(Run run, CancellationToken ct)
    {
        if (Find(run) is not var (draft, _)) return [];
        var verdict = await registration.JudgeAsync(run.Tenant, draft.Client, run.Request, ct);
        return [.. Fields, .. CollectedValues.Fields(RegistrationFlow.FieldsOf(verdict, draft)), .. RegistrationFlow.TermsOf(verdict, run.Locale).Select(t => new StepField(t.Field, "text", 40))];
    }

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct)
    {
        if (Find(run) is not var (draft, _)) return SignUpRun.Elsewhere(run);
        return await AskAsync(run, draft, await registration.JudgeAsync(run.Tenant, draft.Client, run.Request, ct), null, ct);
    }

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (Find(run) is not var (draft, address)) return SignUpRun.Elsewhere(run);
        var (tenant, interaction) = (run.Tenant, run.Interaction);
        var verdict = await registration.JudgeAsync(tenant, draft.Client, run.Request, ct);
        if (!tenant.Settings.Registration.Open || verdict.DeniedBy is not null) return await AskAsync(run, draft, verdict, new(SignUpFault.Closed), ct);
        if (!(await accounts.JudgeAsync(tenant, draft, verdict, new(byPasskey, interaction.Id.Value, $"{interaction.Id}:{draft.Email}"), input, run.Request, ct)).TryGet(out var answer, out var fault))
            return await AskAsync(run, draft, verdict, fault, ct);
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            // Of parallel answers one uses up what was proved.
            if (!await interactions.KeepDraftAsync(tx, interaction, null, ct)) return new StepOutcome.Next(Name);
            var now = run with { Interaction = interaction with { Step = interaction.Step + 1, Draft = null } };
            if ((await accounts.MakeAsync(tx, tenant, draft, address, draft.User!.Value, answer, run.Request, ct)).TryGet(out var user, out fault))
                return (await accounts.SignInAsync(tx, now, user, address, answer, ct)).Outcome;
            if (fault.Code == SignUpFault.Taken)
            {
                // It is hers, she has proved that; and an account there is: by the link of the same message, or in another run.
                await tx.CommitAsync(ct);
                return new StepOutcome.Ask(new(SignUpAddressStep.StepName, SignUpFault.Taken, new IdentifierData(draft.Email, null)));
            }
        }
        return await AskAsync(run, draft, verdict, fault, ct);
    }

    public PageResult Page(Run run, StepView view) => throw new InvalidOperationException("Pages ask for it behind a link.");

    private (SignUpDraft Draft, EmailAddress Address)? Find(Run run) =>
        SignUpRun.IsOpen(run, Name) && SignUpRun.DraftOf(run.Interaction) is { } draft && EmailAddress.Parse(draft.Email).TryGet(out var address, out _) ? (draft, address) : null;

    private async ValueTask<StepOutcome> AskAsync(Run run, SignUpDraft draft, FlowVerdict verdict, SignUpFault? fault, CancellationToken ct)
    {
        var (fields, terms) = (RegistrationFlow.FieldsOf(verdict, draft), RegistrationFlow.TermsOf(verdict, run.Locale));
        var creation = byPasskey ? await credentials.BeginPasskeyAsync(run.Tenant, run.Interaction.Id.Value, draft, ct) : null;
        return new StepOutcome.Ask(new(Name, fault?.Code, new SignUpData(draft.Email, CollectedValues.Questions(fields, run.Locale, fault?.Values), terms, creation))
        {
            Schema = Schema(fields, terms, run.Locale), Faults = fault?.Values?.Faults ?? [],
        });
    }

    /// <summary>The credential's values, the flow's fields, and for each terms their version: what is agreed to is named.</summary>
    private JsonObject Schema(IReadOnlyList<CollectField> fields, IReadOnlyList<RegistrationTerms> terms, string locale)
    {
        var (schema, asked) = (StepSchema.Of(this), CollectedValues.Describe(fields, locale));
        var (properties, required) = (schema["properties"]!.AsObject(), schema["required"]!.AsArray());
        foreach (var (name, field) in asked["properties"]!.AsObject()) properties.TryAdd(name, field?.DeepClone());
        foreach (var name in asked["required"]!.AsArray()) required.Add(name!.DeepClone());
        foreach (var agreed in terms)
        {
            properties[agreed.Field] = new JsonObject { ["const"] = agreed.Version };
            required.Add(agreed.Field);
        }
        return schema;
    }
}

/// <param name="Email">Proved to be hers.</param>
/// <param name="Passkey">What an authenticator is asked to make; null beside a password.</param>
internal sealed record SignUpData(string Email, IReadOnlyList<CollectQuestion> Fields, IReadOnlyList<RegistrationTerms> Terms, PasskeyCreation? Passkey);
