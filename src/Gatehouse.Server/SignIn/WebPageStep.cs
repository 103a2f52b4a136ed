using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// A page of the tenant's own, at the address that stands in its flow and nowhere else: the browser goes there with a signed hand-over and comes back with
/// what the page says. Needs a browser: programs are told <c>redirect_to_web</c>.
/// </summary>
internal sealed class WebPageStep(IDatabase database, HalfWays halfWays, SignInPlan plan, FlowDirectory flows, Handovers handovers, OutsideAnswers answers) : IStep
{
    internal const string PagePath = "/signin/web", ReturnPath = "/signin/return", StepName = "web";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct)
    {
        if (await FindAsync(run, ct) is not (var halfWay, var step)) return await ElsewhereAsync(run, ct);
        if (step is null) return new StepOutcome.Next(PasswordStep.StepName);
        if (run.Headless) return new StepOutcome.Ask(new(StepName));
        var version = (await flows.FindAsync(run.Tenant, FlowDefinition.SignIn, ct)).Version;
        return new StepOutcome.Away(await handovers.UrlAsync(run.Tenant, step, run.Interaction, halfWay.User.Id, version, run.Tenant.Url(SignInRun.Path(ReturnPath, run.Interaction.Id)), ct));
    }

    /// <summary>There is nothing to answer here.</summary>
    public ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct) => ShowAsync(run, ct);

    /// <summary>
    /// She comes back. A GET that changes something: it is the page that sends the browser, and no form of another origin carries our cookies. What it brings
    /// works in this browser, once.
    /// </summary>
    /// <returns>Null when it is not what this run waits for.</returns>
    internal async ValueTask<StepOutcome?> ReturnAsync(Run run, string result, CancellationToken ct)
    {
        if (await FindAsync(run, ct) is not (var halfWay, var step)) return await ElsewhereAsync(run, ct);
        if (step is null) return null;
        var version = (await flows.FindAsync(run.Tenant, FlowDefinition.SignIn, ct)).Version;
        if (await handovers.ReadAsync(run.Tenant, step, run.Interaction, halfWay.User.Id, version, result, ct) is not { } answer) return null;
        return await answers.TakeAsync(halfWay, step, Name, version, answer, ifUseless: false, ct);
    }

    public PageResult Page(Run run, StepView view) => SignInRun.Expired();

    private async ValueTask<(HalfWay HalfWay, WebStep? Step)?> FindAsync(Run run, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync(run, ct)).TryGet(out var halfWay, out _)) return null;
        var methods = Assurance.Combine(halfWay.Proved.Proofs.Select(p => p.Method));
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        return (halfWay, await plan.NextAsync(read, run, halfWay.User.Id, methods, ct) is { Refusal: null, Steps: [StepName] } ? await plan.FindFurtherAsync(read, run, halfWay.User.Id, methods, ct) as WebStep : null);
    }

    private async ValueTask<StepOutcome> ElsewhereAsync(Run run, CancellationToken ct) =>
        (await halfWays.FindAsync(run, ct)).TryGet(out _, out var elsewhere) ? new StepOutcome.Next(Name) : elsewhere;
}
