using System.Globalization;
using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Kernel;
using Gatehouse.Pages;

namespace Gatehouse.SignIn;

/// <summary>
/// A program of the tenant's says whether she goes on. It is asked between two transactions: the first has kept her proofs, the second uses them up together with the
/// answer (<see cref="OutsideAnswers"/>). So an answer counts for the person, run, step and version it was given for, and of parallel ones one counts.
/// </summary>
internal sealed class HookCheck(HalfWays halfWays, FlowDirectory flows, Hooks hooks, OutsideAnswers answers) : IAutomaticStep
{
    internal const string PagePath = "/signin/check", StepName = "webhook";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [];

    /// <summary>Only looked at where the step before could not go on by itself: asking changes something, and looking does not.</summary>
    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        (await halfWays.FindAsync<WebhookStep>(run, Name, ct)).TryGet(out _, out var elsewhere) ? new StepOutcome.Ask(new(StepName)) : elsewhere;

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync<WebhookStep>(run, Name, ct)).TryGet(out var turn, out var elsewhere)) return elsewhere;
        var (halfWay, step) = turn;
        var version = (await flows.FindAsync(run.Tenant, FlowDefinition.SignIn, ct)).Version;
        var answer = await hooks.AskAsync(run.Tenant, step, new HookQuestion($"{run.Interaction.Id}.{halfWay.User.Id}.{step.Id}.{version.ToString(CultureInfo.InvariantCulture)}", FlowDefinition.SignIn, version,
            halfWay.User.Id, null, run.Interaction.Demand.Client, run.Request, halfWay.Methods, halfWay.User.Attributes), ct);
        return await answers.TakeAsync(halfWay, step, Name, version, answer, step.AllowOnFailure, ct);
    }

    public PageResult Page(Run run, StepView view) => PageResult.Of<HookPage, HookModel>(new(run.Interaction.Id), SignInRun.Options(run.Interaction, view.Status));
}

public sealed record HookModel(InteractionId Interaction);
