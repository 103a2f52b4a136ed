using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// Where an application (RFC 9470) or the tenant's flow asks for more than a session reached, what she proved for that session counts: she is asked for the rest.
/// The session must still live when the run ends, and the older of the proofs stays its <c>auth_time</c>.
/// </summary>
internal sealed class StepUp(SessionDirectory sessions, SignInPlan plan, FlowDirectory flows, Interactions interactions, IDatabase database)
{
    /// <returns>The step that is missing; null when she has to begin anew.</returns>
    internal async ValueTask<string?> BeginAsync(Run run, CancellationToken ct)
    {
        var demand = run.Interaction.Demand;
        if (demand.Reauthenticate || run.Interaction.Proved is not null) return null;
        if (await sessions.FindCurrentAsync(run.Http, run.Tenant, ct) is not { } session) return null;
        if ((demand.RequiredUser ?? session.UserId) != session.UserId) return null;
        await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
        var answers = await flows.ListAnswersAsync(tx, session.Id, session.UserId, ct);
        if (await plan.NextAsync(tx, run.Situation with { Answers = answers, Organization = session.OrganizationId }, session, ct) is not { Refusal: null, Steps: [var next, ..] }) return null;
        if (!await interactions.ProveAsync(tx, run.Interaction, session.UserId, [.. session.Methods.Select(m => new Proof(m, session.AuthenticatedAt, session.Id))], ct, answers, session.OrganizationId)) return null;
        await tx.CommitAsync(ct);
        return next;
    }
}
