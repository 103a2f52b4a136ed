using Gatehouse.Audit;
using Gatehouse.Flows.Definitions;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// What the tenant's flow wants to know of her and does not yet: after every proof, before the session. The values become hers in the transaction
/// of the answer, which also uses up the steps before: of parallel answers one counts.
/// </summary>
internal sealed class AttributeCollection(IDatabase database, HalfWays halfWays, FlowDirectory flows, UserDirectory users, OwnUser own, Advance advance, SignInMetrics metrics, AuditLog audit) : IAdaptiveStep
{
    internal const string PagePath = "/signin/details", StepName = "collect";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [];

    public async ValueTask<IReadOnlyList<StepField>> FieldsAsync(Run run, CancellationToken ct) =>
        (await halfWays.FindAsync<CollectStep>(run, Name, ct)).TryGet(out var turn, out _) ? CollectedValues.Fields(turn.Asked.MissingOf(turn.HalfWay.User)) : [];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        (await halfWays.FindAsync<CollectStep>(run, Name, ct)).TryGet(out var turn, out var elsewhere) ? Ask(run, turn.Asked, turn.Asked.MissingOf(turn.HalfWay.User), null) : elsewhere;

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync<CollectStep>(run, Name, ct)).TryGet(out var turn, out var elsewhere)) return elsewhere;
        var (halfWay, step) = turn;
        var missing = step.MissingOf(halfWay.User);
        var values = CollectedValues.Read(missing, input);
        if (values.Faults.Count > 0) return Ask(run, step, missing, values);

        await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
        if (!await halfWays.SpendAsync(tx, halfWay, ct) || await users.FindAsync(tx, halfWay.User.Id, ct) is not { } user) return new StepOutcome.Next(Name);
        if (!values.IsEmpty)
        {
            // As she is now: what somebody gave her meanwhile stays, and another change at the same moment makes her answer again.
            var (wanted, written) = values.ProfileOf(user, step.MissingOf(user));
            if (!(await own.ChangeProfileAsync(tx, user, wanted, ct)).TryGet(out _, out var problem))
                return problem.Code == "version_mismatch" ? new StepOutcome.Next(Name) : Ask(run, step, missing, values.With(problem));
            await audit.AppendAsync(tx, new AuditEntry("user.collected", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), run.Request,
                new Dictionary<string, string> { ["step"] = step.Id, ["fields"] = string.Join(' ', written) }), ct);
        }
        if (step.Once) await flows.AnsweredAsync(tx, user.Id, step, ct);
        var outcome = await advance.AfterAsync(tx, halfWay, [], null, ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        return outcome;
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (CollectData)view.Data!;
        return PageResult.Of<CollectPage, CollectModel>(new(run.Interaction.Id, data.Title, data.Fields, view.Problem), SignInRun.Options(run.Interaction, view.Status));
    }

    private static StepOutcome.Ask Ask(Run run, CollectStep step, IReadOnlyList<CollectField> fields, CollectedValues? answered)
    {
        var title = step.Title is { } titles ? CollectedValues.In(titles, run.Locale) : null;
        return new(new(StepName, answered is null ? null : "values_invalid", new CollectData(title, CollectedValues.Questions(fields, run.Locale, answered)))
        {
            Schema = CollectedValues.Describe(fields, run.Locale), Faults = answered?.Faults ?? [],
        });
    }
}

/// <param name="Title">Null: the product's words.</param>
internal sealed record CollectData(string? Title, IReadOnlyList<CollectQuestion> Fields);

public sealed record CollectModel(InteractionId Interaction, string? Title, IReadOnlyList<CollectQuestion> Fields, string? Problem);
