using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// What follows a proof: another step, kept in the run, or the session. The one way from a step to a session, so that none can begin one
/// that the plan would not.
/// </summary>
internal sealed class Advance(SignInPlan whatNext, Passkeys passkeys, TrustedDevices trusted, Refusals refusals, Interactions interactions, IDatabase database, SignInCompletion completion, TimeProvider clock)
{
    /// <summary>After a first factor: in place of whatever was proved in this run before. Commits.</summary>
    internal ValueTask<StepOutcome> AfterAsync(TenantTransaction tx, Run run, UserId user, IReadOnlyList<string> methods, CancellationToken ct) =>
        GoOnAsync(tx, run, new Proved(user, Proofs(methods)), null, further: false, trust: false, ct);

    /// <summary>After a further step, whose transaction has used up the ones before (<see cref="HalfWays.SpendAsync"/>). Commits.</summary>
    /// <param name="recoveryCodes">Made with a second step she has just set up.</param>
    internal ValueTask<StepOutcome> AfterAsync(TenantTransaction tx, HalfWay halfWay, IReadOnlyList<string> methods, IReadOnlyList<string>? recoveryCodes, CancellationToken ct) =>
        AfterAsync(tx, halfWay, methods, recoveryCodes, trust: false, ct);

    /// <param name="trust">She has just taken her second step and wants this browser trusted.</param>
    internal ValueTask<StepOutcome> AfterAsync(TenantTransaction tx, HalfWay halfWay, IReadOnlyList<string> methods, IReadOnlyList<string>? recoveryCodes, bool trust, CancellationToken ct) =>
        GoOnAsync(tx, halfWay.Run with { Interaction = halfWay.Interaction with { Step = halfWay.Interaction.Step + 1 } },
            halfWay.Proved with { Proofs = [.. halfWay.Proved.Proofs, .. Proofs(methods)] }, recoveryCodes, further: true, trust, ct);

    private Proof[] Proofs(IReadOnlyList<string> methods)
    {
        var now = clock.Now();
        return [.. methods.Select(method => new Proof(method, now))];
    }

    private async ValueTask<StepOutcome> GoOnAsync(TenantTransaction tx, Run run, Proved proved, IReadOnlyList<string>? recoveryCodes, bool further, bool trust, CancellationToken ct)
    {
        var (user, proofs) = (proved.User, proved.Proofs);
        run = run with { Interaction = run.Interaction with { Proved = proved } };
        var methods = Assurance.Combine(proofs.Select(p => p.Method));
        if (!run.Headless) await trusted.EndIfCopiedAsync(tx, run.Tenant, user, run.Binding, run.Http, ct);
        var plan = await whatNext.NextAsync(tx, run, user, methods, ct);
        string? secretOfTrust = null;
        // The plan has looked at the trust that there is; using it up decides. Where another tab was faster, it is as if there were none.
        if (plan is { Refusal: null, Steps: [], Trust: { } device } && !trust && (secretOfTrust = await trusted.UseAsync(tx, run.Tenant, device, plan.MetByTrust, run.Http, ct)) is null)
            plan = await whatNext.NextAsync(tx, run, user, methods, null, ct);
        if (plan.Refusal is { } refusal)
        {
            // What a first proof uses up is used up. A further step has no effect where she does not get in: neither a new password nor a key.
            if (further) await tx.DisposeAsync();
            await using var own = further ? await database.BeginAsync(run.Tenant.Id, ct) : null;
            var at = own ?? tx;
            await refusals.RecordAsync(at, new AuditEntry("session.refused", AuditOutcome.Denied, AuditActor.User(user), "user", user.ToString(), run.Request,
                new Dictionary<string, string> { ["method"] = string.Join(' ', methods), ["reason"] = refusal }), throttled: false, ct);
            var view = await IdentifierStep.ViewAsync(at, run, passkeys, null, refusal, ct);
            await at.CommitAsync(ct);
            return new StepOutcome.Ask(view);
        }
        if (trust && await whatNext.FindTrustDaysAsync(run, ct) is not null) secretOfTrust = await trusted.TrustAsync(tx, run.Tenant, user, run.Binding, run.Http, ct);
        if (plan.Steps is [var next, ..])
        {
            // Where another submit of this run was faster, the step that follows shows what holds now.
            if (!await interactions.ProveAsync(tx, run.Interaction, user, proofs, ct, proved.Answers, proved.Organization)) return new StepOutcome.Next(next);
            await tx.CommitAsync(ct);
            return new StepOutcome.Next(next) { Trust = secretOfTrust };
        }
        var (secret, kept) = await completion.CompleteAsync(tx, run, user, methods, proofs.Min(p => p.At), plan.Organization, ct);
        await tx.CommitAsync(ct);
        return new StepOutcome.Done(secret, recoveryCodes) { Trust = secretOfTrust, Device = kept };
    }
}
