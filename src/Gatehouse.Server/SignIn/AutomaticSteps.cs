using Gatehouse.Flows;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>Goes on by itself where a step asks nothing of the person: with the run as the step before left it.</summary>
internal sealed class AutomaticSteps(Steps steps, Interactions interactions, IDatabase database)
{
    // Each step of a definition at most once; a run that another request changes meanwhile is left to it.
    private const int MaxInARow = 30;

    /// <returns>The run as it is then, and what became of it.</returns>
    internal async ValueTask<(Run Run, StepOutcome Outcome)> GoOnAsync(Run run, StepOutcome outcome, CancellationToken ct)
    {
        var last = run.Interaction.Step - 1;
        for (var i = 0; i < MaxInARow && outcome is StepOutcome.Next(var name) && steps.Find(name) is IAutomaticStep step; i++)
        {
            Interaction? now;
            await using (var read = await database.ReadAsync(run.Tenant.Id, ct)) now = await interactions.FindAgainAsync(read, run.Interaction.Id, run.Binding, ct);
            if (now is null) return (run, new StepOutcome.Gone());
            run = run with { Interaction = now };
            // Answered before and nothing came of it: another request was faster, and this one shows what holds.
            if (now.Step == last) break;
            last = now.Step;
            outcome = await step.SubmitAsync(run, new StepInput(_ => ""), ct);
        }
        return (run, outcome);
    }
}
