using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Pages;

namespace Gatehouse.SignIn;

/// <summary>
/// A page of the tenant's own, at the address that stands in its flow and nowhere else: the browser goes there with a signed hand-over and comes back with
/// what the page says. Needs a browser: programs are told <c>redirect_to_web</c>.
/// </summary>
internal sealed class WebPageStep(HalfWays halfWays, FlowDirectory flows, Handovers handovers, OutsideAnswers answers) : IStep
{
    internal const string PagePath = "/signin/web", ReturnPath = "/signin/return", StepName = "web";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync<WebStep>(run, Name, ct)).TryGet(out var turn, out var elsewhere)) return elsewhere;
        var (halfWay, step) = turn;
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
        if (!(await halfWays.FindAsync<WebStep>(run, Name, ct)).TryGet(out var turn, out var elsewhere)) return run.Interaction.Proved is null ? elsewhere : null;
        var (halfWay, step) = turn;
        var version = (await flows.FindAsync(run.Tenant, FlowDefinition.SignIn, ct)).Version;
        if (await handovers.ReadAsync(run.Tenant, step, run.Interaction, halfWay.User.Id, version, result, ct) is not { } answer) return null;
        return await answers.TakeAsync(halfWay, step, Name, version, answer, ifUseless: false, ct);
    }

    public PageResult Page(Run run, StepView view) => SignInRun.Expired();
}
