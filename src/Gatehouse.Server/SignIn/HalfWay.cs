using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>A sign-in between its steps.</summary>
/// <param name="HasFactor">Whether she has a second step; else she must set one up.</param>
internal sealed record HalfWay(Run Run, Proved Proved, User User, bool HasFactor)
{
    internal Interaction Interaction => Run.Interaction;
    /// <summary>The steps of which one must follow now, where that was asked.</summary>
    internal IReadOnlyList<string> Open { get; init; } = [];

    internal IReadOnlyList<string> Methods => Assurance.Combine(Proved.Proofs.Select(p => p.Method));
    internal string Name => Interaction.Identifier ?? User.PrimaryEmail?.Address ?? User.Id.ToString();
}

/// <summary>
/// Finds who has proved something in a run, and uses that up. Between two steps the run knows who she is and what she has proved; no form
/// does, and the browser holds nothing new.
/// </summary>
internal sealed class HalfWays(SecondFactors factors, Passwords passwords, SignInPlan plan, SessionDirectory sessions, UserDirectory users, Interactions interactions, IDatabase database)
{
    /// <returns>Or where to go: back to the password, or on, when another tab has finished the run.</returns>
    internal async ValueTask<Result<HalfWay, StepOutcome>> FindAsync(Run run, CancellationToken ct)
    {
        await using (var read = await database.ReadAsync(run.Tenant.Id, ct))
        {
            if (run.Interaction.Proved is { } proved && await users.FindAsync(read, proved.User, ct) is { Status: UserStatus.Active } user)
                return new HalfWay(run, proved, user, await factors.HasAsync(read, user.Id, ct));
        }
        return await IsFulfilledAsync(run, ct) ? new StepOutcome.Fulfilled() : new StepOutcome.Next(await plan.FirstAsync(run, ct));
    }

    /// <returns>A run in which this step may be answered now; else the way to the right one.</returns>
    internal async ValueTask<Result<HalfWay, StepOutcome>> FindAsync(Run run, string step, CancellationToken ct)
    {
        if (!(await FindAsync(run, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        var open = (await plan.NextAsync(read, run, halfWay.User.Id, halfWay.Methods, ct)).Steps;
        // It would be enough by a browser she trusts, and another tab used that up: she goes on by a code.
        if (open.Count == 0) open = (await plan.NextAsync(read, run, halfWay.User.Id, halfWay.Methods, null, ct)).Steps;
        if (open.Contains(step, StringComparer.Ordinal)) return halfWay with { Open = open };
        return new StepOutcome.Next(open is [var other, ..] ? other : IdentifierStep.StepName);
    }

    /// <returns>The same with the part of the tenant's flow whose turn it is, where it is one of these: answering it takes the place of no proof.</returns>
    internal async ValueTask<Result<(HalfWay HalfWay, TStep Asked), StepOutcome>> FindAsync<TStep>(Run run, string step, CancellationToken ct) where TStep : FlowStep
    {
        if (!(await FindAsync(run, step, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        if (await plan.FindFurtherAsync(read, run, halfWay.User.Id, halfWay.Methods, ct) is TStep asked) return (halfWay, asked);
        return new StepOutcome.Next(await plan.FirstAsync(run, ct));
    }

    /// <summary>Whether this run led to a session that is this browser's: a second click, or the button back.</summary>
    internal async ValueTask<bool> IsFulfilledAsync(Run run, CancellationToken ct) =>
        run.Interaction.SessionId is { } fulfilled && (run.Headless || (await sessions.FindCurrentAsync(run.Http, run.Tenant, ct))?.Id == fulfilled);

    /// <summary>
    /// Uses up the steps before in the transaction of this one. A password must still be the one that was proved, a session that was proved
    /// with still live, and she must be active, until that transaction ends; in the order in which a reset and a disabling lock what they change.
    /// </summary>
    /// <returns>False when any of it is no longer so, or another submit has finished the run: then nothing may be committed.</returns>
    internal async ValueTask<bool> SpendAsync(TenantTransaction tx, HalfWay halfWay, CancellationToken ct)
    {
        foreach (var proof in halfWay.Proved.Proofs)
        {
            if (proof.Method != "pwd") continue;
            if (await passwords.ChangedAtAsync(tx, halfWay.User.Id, ct) is not { } set || set > proof.At || !await passwords.HoldAsync(tx, halfWay.User.Id, set, ct)) return false;
        }
        if (!await users.HoldActiveAsync(tx, halfWay.User.Id, ct)) return false;
        foreach (var session in halfWay.Proved.Proofs.Select(p => p.Session).OfType<SessionId>().Distinct())
            if (!await sessions.HoldAsync(tx, session, halfWay.User.Id, ct)) return false;
        return await interactions.SpendProofsAsync(tx, halfWay.Interaction, ct);
    }
}
