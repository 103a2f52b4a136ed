using System.Net;
using System.Text.Json;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn;

/// <summary>What follows from what was proved.</summary>
/// <param name="Steps">Of which one must follow, the usual one first; none: it is enough.</param>
/// <param name="Refusal">Why she does not get in at all; null: she may.</param>
/// <param name="Trust">This browser, where she trusts it: what it is enough with is to be used up with the session.</param>
/// <param name="MetByTrust">Whether a second step was left out for that.</param>
internal sealed record PlanNext(IReadOnlyList<string> Steps, string? Refusal = null, TrustedDevice? Trust = null, bool MetByTrust = false)
{
    /// <summary>In which organization the session is to begin; null: in none, or in the one it is in.</summary>
    internal OrganizationId? Organization { get; init; }
}

/// <summary>
/// Decides which step follows from what has been proved: the tenant's flow, and above it the level that the application demands, which no
/// flow can talk it out of. Asked after every proof, and by nothing else is a session begun.
/// </summary>
internal sealed class SignInPlan(FlowDirectory flows, SecondFactors factors, Passwords passwords, Passkeys passkeys, TrustedDevices trusted, UserDirectory users, OrganizationDirectory organizations, Roles roles, TimeProvider clock) : ISessionRules
{
    /// <summary>She must begin in another way.</summary>
    internal const string NotThisWay = "method_not_allowed";

    private const string Denied = "sign_in_denied";

    /// <summary>With which steps the person whose address is known may begin to prove who she is, the usual one first. Beside the passkey, which needs no address.</summary>
    internal async ValueTask<IReadOnlyList<string>> FirstFactorsAsync(Run run, CancellationToken ct)
    {
        var open = FlowVerdict.OpenToAnybody(await flows.FindAsync(run.Tenant, FlowDefinition.SignIn, ct), Facts(run.Situation, [], default, hasFactor: false, [], null));
        // A telephone number stands for her only where codes are sent to it.
        string[] takes = EmailAddress.Parse(run.Interaction.Identifier).TryGet(out _, out _) ? [PasswordStep.StepName, EmailCodeStep.StepName] : [SmsCodeStep.StepName];
        return [.. open.Where(f => takes.Contains(f, StringComparer.Ordinal) && run.Tenant.Settings.SignIn.Offers(f))];
    }

    /// <summary>The usual step of those, or the question for the address where there is none.</summary>
    internal async ValueTask<string> FirstAsync(Run run, CancellationToken ct) =>
        run.Interaction.Identifier is not null && await FirstFactorsAsync(run, ct) is [var usual, ..] ? usual : IdentifierStep.StepName;

    /// <summary>For how many days this run's browser may be trusted; null: not at all. A program keeps no cookie of ours and is never trusted.</summary>
    internal async ValueTask<int?> FindTrustDaysAsync(Run run, CancellationToken ct) =>
        run.Tenant.Settings.SignIn.TrustedDeviceDays is > 0 and var days && !run.Headless
        && (await flows.FindAsync(run.Tenant, FlowDefinition.SignIn, ct)).Steps.OfType<SecondFactorStep>().Any(s => s.TrustedDevice) ? days : null;

    /// <param name="methods">Everything proved so far, combined.</param>
    internal async ValueTask<PlanNext> NextAsync(TenantTransaction tx, Run run, UserId user, IReadOnlyList<string> methods, CancellationToken ct) =>
        await NextAsync(tx, run, user, methods, await FindTrustAsync(tx, run.Situation, user, ct), ct);

    /// <param name="trust">This browser, if she trusts it.</param>
    internal async ValueTask<PlanNext> NextAsync(TenantTransaction tx, Run run, UserId user, IReadOnlyList<string> methods, TrustedDevice? trust, CancellationToken ct)
    {
        // 1. What her flow says of her.
        var (verdict, facts) = await JudgeAsync(tx, run.Situation, user, methods, trust, ct);
        if (verdict.DeniedBy is not null) return new([], Denied);
        if (!verdict.AllowsFirst(methods)) return new([], NotThisWay);

        // And above it her organization, where it is settled in which she goes on.
        var standing = await organizations.StandAsync(tx, user, run.Situation.Demand.Organization, run.Situation.Organization, ct);
        if (!OrganizationStep.AllowsFirst(standing, methods)) return new([], NotThisWay);
        verdict = OrganizationStep.Tighten(verdict, standing);

        // 2. The second step that she has. A browser she trusts stands in for it, but not for a new password, which the old one alone must not set.
        var changeDue = methods.Contains("pwd", StringComparer.Ordinal) && await passwords.ChangeDueAsync(tx, run.Tenant, user, ct) is not null;
        var left = changeDue ? verdict : await WithoutTrustedAsync(tx, run.Situation, verdict, facts, user, methods, ct);
        if (await FurtherAsync(tx, run.Situation, left, user, methods, ct) is { } further) return further;

        // 3. Another password, after a second step that she has, so that the old password alone does not set the new one; before one that she
        //    sets up, whose recovery codes are shown at the end.
        if (changeDue) return new([NewPasswordStep.StepName]);

        // 4. In which organization, once she has proved all that she can; 5. what she has to agree to; 6. what she must set up.
        if (standing.MustChoose) return new([OrganizationStep.StepName]);
        var rest = await RestAsync(tx, run.Situation, left, user, methods, ct);
        return rest with { Trust = trust, MetByTrust = left != verdict, Organization = standing.Organization?.Id };
    }

    /// <summary>Whether a session that was begun elsewhere, or under another flow, is enough for an application.</summary>
    public async ValueTask<SessionVerdict> JudgeAsync(TenantTransaction tx, HttpContext http, TenantContext tenant, SignInDemand demand, Session session, bool inBrowser, CancellationToken ct)
    {
        var standing = await organizations.StandAsync(tx, session.UserId, demand.Organization, session.OrganizationId, ct);
        // Where the tenant wrote nothing, what the settings ask is asked at sign-in; what an organization asks, wherever she goes on in it.
        var asks = standing.MustChoose || standing.Organization?.Settings.AsksMore == true;
        if (!asks && !await flows.HasOwnAsync(tenant, FlowDefinition.SignIn, ct)) return SessionVerdict.Enough;
        var situation = new Situation(tenant, RequestFacts.Of(http), demand, inBrowser ? DeviceCookie.Hash(http, tenant) : null, inBrowser ? http : null, []) { Organization = session.OrganizationId };
        if (!asks && IsPlainlyEnough(await flows.FindAsync(tenant, FlowDefinition.SignIn, ct), situation, session.Methods)) return SessionVerdict.Enough;
        var next = await NextAsync(tx, situation with { Answers = await flows.ListAnswersAsync(tx, session.Id, session.UserId, ct) }, session, ct);
        return next.Refusal == Denied ? SessionVerdict.Denied : next is { Refusal: null, Steps: [] } ? SessionVerdict.Enough : SessionVerdict.More;
    }

    /// <summary>
    /// Whether a session has done all that a flow asks of anybody in its place, so that nothing need be looked up of her: the account asks at every page.
    /// False where that cannot be said yet.
    /// </summary>
    private static bool IsPlainlyEnough(FlowDefinition definition, Situation situation, IReadOnlyList<string> methods)
    {
        if (definition.Steps.Any(s => s.When?.AsksWho == true)) return false;
        var verdict = FlowVerdict.Of(definition, Facts(situation, [], default, hasFactor: false, methods, null));
        if (verdict.DeniedBy is not null || !verdict.AllowsFirst(methods) || verdict.Further.Count > 0) return false;
        return verdict.SecondFactors.Count == 0 && situation.Demand.Level < 2 || Assurance.LevelOf(methods) >= 2 && verdict.SecondFactors.All(s => FlowVerdict.UsedAny(s.AnyOf, methods));
    }

    /// <summary>What is missing beside the proofs of a session. Its password is not judged again: that is done where it is typed.</summary>
    internal async ValueTask<PlanNext> NextAsync(TenantTransaction tx, Situation situation, Session session, CancellationToken ct)
    {
        var (user, methods) = (session.UserId, session.Methods);
        // In a browser she trusts, a session that was begun by that is enough as long as the trust lasts.
        var (judged, facts) = await JudgeAsync(tx, situation, user, methods, await FindTrustAsync(tx, situation, user, ct), ct);
        if (judged.DeniedBy is not null) return new([], Denied);
        if (!judged.AllowsFirst(methods)) return new([], NotThisWay);
        var standing = await organizations.StandAsync(tx, user, situation.Demand.Organization, situation.Organization ?? session.OrganizationId, ct);
        if (!OrganizationStep.AllowsFirst(standing, methods)) return new([], NotThisWay);
        judged = OrganizationStep.Tighten(judged, standing);
        var verdict = await WithoutTrustedAsync(tx, situation, judged, facts, user, methods, ct);
        return await FurtherAsync(tx, situation, verdict, user, methods, ct) ?? (standing.MustChoose ? new PlanNext([OrganizationStep.StepName]) : null) ?? await RestAsync(tx, situation, verdict, user, methods, ct);
    }

    /// <summary>Of what she has, what she must still prove. Null: nothing.</summary>
    private async ValueTask<PlanNext?> FurtherAsync(TenantTransaction tx, Situation situation, FlowVerdict verdict, UserId user, IReadOnlyList<string> methods, CancellationToken ct)
    {
        var two = Assurance.HasTwoSteps(methods);
        foreach (var step in verdict.SecondFactors)
            if (!(two && FlowVerdict.UsedAny(step.AnyOf, methods)) && await HersAsync(tx, user, step, methods, ct) is { Count: > 0 } hers) return new(hers);
        var demanded = situation.Demand.Level;
        // A step that she has none of is no reason to ask for less: with what she has she then sets up what is wanted.
        if (!two && (demanded > 1 || verdict.SecondFactors.Count > 0) && await HersAsync(tx, user, null, methods, ct) is { Count: > 0 } any) return new(any);
        if (demanded < 2 && !verdict.SecondFactors.Any(IsDue)) return null;

        // Nothing is set up, and nothing counted as two, on the word of one who has a passkey and did not use it.
        if (!two && !methods.Any(IsKey) && IsOffered(situation.Tenant) && (await passkeys.ListAsync(tx, user, ct)).Count > 0) return new([], NotThisWay);
        // What she holds alone is one factor, however often: a password beside it makes two. Not beside the telephone that could have set it.
        var reset = situation.Tenant.Settings.SignIn.ResetBySms;
        return Assurance.LevelOf(methods) < 2 && !methods.Any(m => m is "pwd" or "email" || (m == "sms" && reset)) && await passwords.ChangedAtAsync(tx, user, ct) is not null ? new([PasswordStep.StepName]) : null;
    }

    /// <summary>What she has to agree to and to say, in the flow's order, and then what she must set up: its recovery codes are shown when the session has begun.</summary>
    private async ValueTask<PlanNext> RestAsync(TenantTransaction tx, Situation situation, FlowVerdict verdict, UserId user, IReadOnlyList<string> methods, CancellationToken ct)
    {
        if (await FindFurtherAsync(tx, situation, verdict, user, ct) is { } further)
            return new([further switch { CollectStep => AttributeCollection.StepName, WebhookStep => HookCheck.StepName, WebStep => WebPageStep.StepName, _ => TermsAcceptance.StepName }]);
        var two = Assurance.HasTwoSteps(methods);
        foreach (var step in verdict.SecondFactors)
        {
            if (two && FlowVerdict.UsedAny(step.AnyOf, methods)) continue;
            if (IsDue(step)) return new([EnrolStep.StepName]);
            // A passkey that she has and did not use is asked for at the beginning.
            if (step.AnyOf?.Contains("passkey", StringComparer.Ordinal) == true && (await passkeys.ListAsync(tx, user, ct)).Count > 0) return new([], NotThisWay);
        }
        return situation.Demand.Level > 1 && !two ? new([EnrolStep.StepName]) : new([]);
    }

    private bool IsDue(SecondFactorStep step) => step.Enrol && !(step.EnrolFrom > clock.Now());

    private static bool IsKey(string method) => method is "hwk" or "swk";

    private static bool IsOffered(TenantContext tenant) => tenant.Settings.SignIn.Offers(SignInSettings.Passkey) && Passkeys.RpId(tenant) is not null;

    /// <summary>The flow's step whose turn it is after every proof; null when there is none.</summary>
    internal async ValueTask<FlowStep?> FindFurtherAsync(TenantTransaction tx, Run run, UserId user, IReadOnlyList<string> methods, CancellationToken ct) =>
        await FindFurtherAsync(tx, run.Situation, (await JudgeAsync(tx, run.Situation, user, methods, await FindTrustAsync(tx, run.Situation, user, ct), ct)).Verdict, user, ct);

    private async ValueTask<FlowStep?> FindFurtherAsync(TenantTransaction tx, Situation situation, FlowVerdict verdict, UserId id, CancellationToken ct)
    {
        User? user = null;
        var version = (await flows.FindAsync(situation.Tenant, FlowDefinition.SignIn, ct)).Version;
        foreach (var step in verdict.Further)
            switch (step)
            {
                case TermsStep terms when !await flows.HasAcceptedAsync(tx, id, terms, ct):
                    return terms;
                case CollectStep collect when (user ??= await users.FindAsync(tx, id, ct)) is { } person && collect.IsDue(person, collect.Once && await flows.HasAnsweredAsync(tx, id, collect, ct)):
                    return collect;
                // Said in this run or for this session, of her, and of the flow as it is.
                case WebhookStep or WebStep when !situation.Answers.Contains(new Answered(step.Id, version, id)):
                    return step;
            }
        return null;
    }

    /// <summary>What she has of what the step takes, and her recovery codes, which stand in for any of it.</summary>
    private async ValueTask<IReadOnlyList<string>> HersAsync(TenantTransaction tx, UserId user, SecondFactorStep? step, IReadOnlyList<string> methods, CancellationToken ct)
    {
        var states = await factors.DescribeAsync(tx, user, ct);
        string[] hers = [.. states.Where(s => factors.Of(s.Name).IsFactor && (step?.AnyOf is null || step.AnyOf.Contains(s.Name, StringComparer.Ordinal))).Select(s => s.Name)];
        if (hers.Length == 0) return [];
        // The same telephone twice is one proof: who began with it goes on with something else, or begins with her address.
        var began = methods.Contains("sms", StringComparer.Ordinal) ? SmsAuthenticator.AuthenticatorName : null;
        string[] left = [.. hers.Where(name => name != began)];
        return [.. left.Length == 0 ? [IdentifierStep.StepName] : left, .. states.Where(s => !factors.Of(s.Name).IsFactor).Select(s => s.Name)];
    }

    private async ValueTask<TrustedDevice?> FindTrustAsync(TenantTransaction tx, Situation situation, UserId user, CancellationToken ct) =>
        situation is { Http: { } http, Device: { } device } ? await trusted.FindCurrentAsync(tx, situation.Tenant, user, device, http, ct) : null;

    /// <summary>The verdict without the second steps that this trusted browser stands in for: of those she has, and not where she is to prove anew who she is.</summary>
    private async ValueTask<FlowVerdict> WithoutTrustedAsync(TenantTransaction tx, Situation situation, FlowVerdict verdict, FlowFacts facts, UserId user, IReadOnlyList<string> methods, CancellationToken ct)
    {
        if (situation.Demand.Reauthenticate || facts.Device != DeviceStanding.Trusted) return verdict;
        List<SecondFactorStep> left = [];
        foreach (var step in verdict.SecondFactors)
            if (!FlowVerdict.IsMetByTrust(step, facts) || (await HersAsync(tx, user, step, methods, ct)).Count == 0) left.Add(step);
        return left.Count == verdict.SecondFactors.Count ? verdict : verdict with { SecondFactors = left };
    }

    private async ValueTask<(FlowVerdict Verdict, FlowFacts Facts)> JudgeAsync(TenantTransaction tx, Situation situation, UserId id, IReadOnlyList<string> methods, TrustedDevice? trust, CancellationToken ct)
    {
        var definition = await flows.FindAsync(situation.Tenant, FlowDefinition.SignIn, ct);
        // A flow without conditions asks nothing about her.
        if (definition.Steps.All(s => s.When is null))
        {
            var few = Facts(situation, [], default, false, methods, trust is null ? DeviceStanding.New : DeviceStanding.Trusted);
            return (FlowVerdict.Of(definition, few), few);
        }
        var user = await users.FindAsync(tx, id, ct);
        using var attributes = JsonDocument.Parse(user?.Attributes ?? "{}");
        var held = await roles.ListKeysAsync(tx, id, ct);
        var standing = trust is not null ? DeviceStanding.Trusted : situation.Device is { } device && await passwords.FamiliarityAsync(tx, id, device, ct) == DeviceFamiliarity.Known ? DeviceStanding.Known : DeviceStanding.New;
        var facts = Facts(situation, held, attributes.RootElement, await factors.HasAsync(tx, id, ct), methods, standing);
        return (FlowVerdict.Of(definition, facts), facts);
    }

    private static FlowFacts Facts(Situation situation, IReadOnlyList<string> held, JsonElement attributes, bool hasFactor, IReadOnlyList<string> methods, DeviceStanding? device) =>
        new(situation.Demand.Client, IPAddress.TryParse(situation.Request.IpAddress, out var address) ? address : null, situation.Demand.Level, held, attributes, hasFactor, methods, device, DeviceName.Of(situation.Request.UserAgent).Platform);
}
