using Gatehouse.Audit;
using Gatehouse.Flows.Definitions;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>Terms of the tenant's flow that she has not agreed to in this version: after every proof, before the session.</summary>
internal sealed class TermsAcceptance(IDatabase database, HalfWays halfWays, FlowDirectory flows, Advance advance, SignInMetrics metrics, AuditLog audit) : IStep
{
    internal const string PagePath = "/signin/terms", StepName = "terms";

    public string Name => StepName;
    public string Path => PagePath;

    /// <summary>What is agreed to is named in the answer: words that changed meanwhile are asked about anew.</summary>
    public IReadOnlyList<StepField> Fields { get; } = [new("terms", "text", 40), new("version", "text", 40), new("accept", "text", 10)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        (await halfWays.FindAsync<TermsStep>(run, Name, ct)).TryGet(out var turn, out var elsewhere) ? Ask(run, turn.Asked, null) : elsewhere;

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync<TermsStep>(run, Name, ct)).TryGet(out var turn, out var elsewhere)) return elsewhere;
        var (halfWay, terms) = turn;
        if (input["accept"] != "yes" || input["terms"] != terms.Terms || input["version"] != terms.Version) return Ask(run, terms, "terms_not_accepted");
        await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
        if (!await halfWays.SpendAsync(tx, halfWay, ct)) return new StepOutcome.Next(Name);
        if (await flows.AcceptAsync(tx, halfWay.User.Id, terms, ct))
            await audit.AppendAsync(tx, new AuditEntry("terms.accepted", AuditOutcome.Success, AuditActor.User(halfWay.User.Id), "user", halfWay.User.Id.ToString(), run.Request,
                new Dictionary<string, string> { ["terms"] = terms.Terms, ["version"] = terms.Version }), ct);
        var outcome = await advance.AfterAsync(tx, halfWay, [], null, ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        return outcome;
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (TermsData)view.Data!;
        return PageResult.Of<TermsPage, TermsModel>(new(run.Interaction.Id, data.Terms, data.Version, data.Title, data.Text, data.Url, view.Problem), SignInRun.Options(run.Interaction, view.Status));
    }

    private static StepOutcome.Ask Ask(Run run, TermsStep terms, string? problem) =>
        new(new(StepName, problem, new TermsData(terms.Terms, terms.Version, In(terms.Title, run.Locale), In(terms.Text, run.Locale), terms.Url)));

    private static string In(IReadOnlyDictionary<string, string> texts, string locale) => texts.TryGetValue(locale, out var text) ? text : texts["en"];
}

/// <param name="Text">Plain text; an empty line divides paragraphs.</param>
internal sealed record TermsData(string Terms, string Version, string Title, string Text, string? Url);

public sealed record TermsModel(InteractionId Interaction, string Terms, string Version, string Title, string Text, string? Url, string? Problem);
