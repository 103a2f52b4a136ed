using System.Globalization;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// What follows what a tenant's program or page has said of her: used up with her proofs, in one transaction, if nothing of the run has changed meanwhile. A refusal is
/// kept nowhere: whoever begins again is asked about again.
/// </summary>
internal sealed class OutsideAnswers(IDatabase database, HalfWays halfWays, UserDirectory users, OwnUser own, Passkeys passkeys, Advance advance, SignInMetrics metrics, AuditLog audit)
{
    /// <param name="step">The flow's; <paramref name="name"/> is that of the step which asks.</param>
    /// <param name="ifUseless">Whether she goes on where nothing of the answer can be kept.</param>
    internal async ValueTask<StepOutcome> TakeAsync(HalfWay halfWay, FlowStep step, string name, long version, HookAnswer answer, bool ifUseless, CancellationToken ct)
    {
        var run = halfWay.Run;
        await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
        if (!await halfWays.SpendAsync(tx, halfWay, ct) || await users.FindAsync(tx, halfWay.User.Id, ct) is not { } user) return new StepOutcome.Next(name);
        if (answer.Attributes is { } patch)
        {
            var wanted = new Profile(user.DisplayName, user.GivenName, user.FamilyName, user.Locale, user.Zoneinfo, patch);
            if (!(await own.ChangeProfileAsync(tx, user, wanted, ct)).TryGet(out _, out var problem))
            {
                if (problem.Code == "version_mismatch") return new StepOutcome.Next(name);
                answer = answer with { Result = "answer_invalid", Allowed = ifUseless };
            }
        }
        await audit.AppendAsync(tx, Entry(step, answer, AuditActor.User(user.Id), user.Id.ToString(), run.Request), ct);
        if (!answer.Allowed)
        {
            await audit.AppendAsync(tx, new AuditEntry("session.refused", AuditOutcome.Denied, AuditActor.User(user.Id), "user", user.Id.ToString(), run.Request,
                new Dictionary<string, string> { ["method"] = string.Join(' ', Assurance.Combine(halfWay.Proved.Proofs.Select(p => p.Method))), ["reason"] = "sign_in_denied", ["step"] = step.Id }), ct);
            var view = await IdentifierStep.ViewAsync(tx, run, passkeys, null, "sign_in_denied", ct);
            await tx.CommitAsync(ct);
            return new StepOutcome.Ask(view);
        }
        var answered = halfWay.Proved with { Answers = [.. halfWay.Proved.Answers, new Answered(step.Id, version, user.Id)] };
        var outcome = await advance.AfterAsync(tx, halfWay with { Proved = answered }, [], null, ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        return outcome;
    }

    /// <summary>What the audit says of it: <c>flow.webhook</c>, <c>flow.web</c>.</summary>
    internal static AuditEntry Entry(FlowStep step, HookAnswer answer, AuditActor actor, string? user, Http.RequestFacts request)
    {
        Dictionary<string, string> details = new() { ["step"] = step.Id, ["result"] = answer.Result };
        if (step is WebhookStep) details["milliseconds"] = ((long)answer.Took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        if (answer.Reason is { } reason) details["reason"] = reason;
        return new AuditEntry(step is WebhookStep ? "flow.webhook" : "flow.web", answer.Result == "continue" ? AuditOutcome.Success : answer.Allowed ? AuditOutcome.Failure : AuditOutcome.Denied,
            actor, user is null ? null : "user", user, request, details);
    }
}
