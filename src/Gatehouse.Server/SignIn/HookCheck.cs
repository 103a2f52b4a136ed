using System.Globalization;
using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// A program of the tenant's says whether she goes on. It is asked between two transactions: the first has kept her proofs, the second uses them up together with the
/// answer (<see cref="OutsideAnswers"/>). So an answer counts for the person, run, step and version it was given for, and of parallel ones one counts.
/// </summary>
internal sealed class HookCheck(IDatabase database, HalfWays halfWays, SignInPlan plan, FlowDirectory flows, Hooks hooks, OutsideAnswers answers) : IAutomaticStep
{
    internal const string PagePath = "/signin/check", StepName = "webhook";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [];

    /// <summary>Only looked at where the step before could not go on by itself: asking changes something, and looking does not.</summary>
    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) => await FindAsync(run, ct) switch
    {
        (_, { }) => new StepOutcome.Ask(new(StepName)),
        (_, null) => new StepOutcome.Next(PasswordStep.StepName),
        null => await ElsewhereAsync(run, ct),
    };

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (await FindAsync(run, ct) is not (var halfWay, var step)) return await ElsewhereAsync(run, ct);
        if (step is null) return new StepOutcome.Next(PasswordStep.StepName);
        var version = (await flows.FindAsync(run.Tenant, FlowDefinition.SignIn, ct)).Version;
        var methods = Assurance.Combine(halfWay.Proved.Proofs.Select(p => p.Method));
        var answer = await hooks.AskAsync(run.Tenant, step, new HookQuestion($"{run.Interaction.Id}.{halfWay.User.Id}.{step.Id}.{version.ToString(CultureInfo.InvariantCulture)}", FlowDefinition.SignIn, version,
            halfWay.User.Id, null, run.Interaction.Demand.Client, run.Request, methods, halfWay.User.Attributes), ct);
        return await answers.TakeAsync(halfWay, step, Name, version, answer, step.AllowOnFailure, ct);
    }

    public PageResult Page(Run run, StepView view) => PageResult.Of<HookPage, HookModel>(new(run.Interaction.Id), SignInRun.Options(run.Interaction, view.Status));

    private async ValueTask<(HalfWay HalfWay, WebhookStep? Step)?> FindAsync(Run run, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync(run, ct)).TryGet(out var halfWay, out _)) return null;
        var methods = Assurance.Combine(halfWay.Proved.Proofs.Select(p => p.Method));
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        return (halfWay, await plan.NextAsync(read, run, halfWay.User.Id, methods, ct) is { Refusal: null, Steps: [StepName] } ? await plan.FindFurtherAsync(read, run, halfWay.User.Id, methods, ct) as WebhookStep : null);
    }

    private async ValueTask<StepOutcome> ElsewhereAsync(Run run, CancellationToken ct) =>
        (await halfWays.FindAsync(run, ct)).TryGet(out _, out var elsewhere) ? new StepOutcome.Next(Name) : elsewhere;
}

public sealed record HookModel(InteractionId Interaction);
