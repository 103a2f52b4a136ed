using System.Text.Json;
using Gatehouse.Flows;
using Gatehouse.Http;

namespace Gatehouse.SignIn;

/// <summary>
/// How far somebody has come who registers in a run that a program drives: address, code, credential. What she has said stands in the run; there is no
/// account before the last step, and after it the run is a sign-in like any other. (Pages keep the same behind a link instead.)
/// </summary>
internal static class SignUpRun
{
    /// <summary>Whether this run is to register somebody, and has not yet.</summary>
    internal static bool IsOne(Run run) => run.Headless && run.Interaction is { Demand.Create: true, Identifier: null, Proved: null, SessionId: null };

    /// <summary>The steps of which one must follow, the usual one first.</summary>
    internal static IReadOnlyList<string> Open(Run run) => DraftOf(run.Interaction) switch
    {
        null => [SignUpAddressStep.StepName],
        { Proved: false } => [SignUpCodeStep.StepName, SignUpAddressStep.StepName],
        _ => [.. Ways(run.Tenant)],
    };

    internal static bool IsOpen(Run run, string step) => IsOne(run) && Open(run).Contains(step, StringComparer.Ordinal);

    /// <summary>Where an answer belongs that came too late or too early.</summary>
    internal static StepOutcome Elsewhere(Run run) => IsOne(run) && Open(run) is [var step, ..] ? new StepOutcome.Next(step) : new StepOutcome.Next(IdentifierStep.StepName);

    internal static SignUpDraft? DraftOf(Interaction interaction) => interaction.Draft is { } draft ? JsonSerializer.Deserialize(draft, SignInJson.Default.SignUpDraft) : null;

    internal static string Text(SignUpDraft draft) => JsonSerializer.Serialize(draft, SignInJson.Default.SignUpDraft);

    private static IEnumerable<string> Ways(TenantContext tenant)
    {
        if (SignUpCredentials.OffersPasskey(tenant)) yield return SignUpAccountStep.PasskeyStepName;
        if (SignUpCredentials.OffersPassword(tenant)) yield return SignUpAccountStep.PasswordStepName;
    }
}
