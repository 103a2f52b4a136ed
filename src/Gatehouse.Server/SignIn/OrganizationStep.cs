using Gatehouse.Flows.Definitions;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Pages;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// In which of her organizations she goes on, where an application wants to know and she belongs to several: after every proof that she can give, so that a
/// password alone does not tell where she works; before what that organization asks on top.
/// </summary>
internal sealed class OrganizationStep(IDatabase database, HalfWays halfWays, OrganizationDirectory organizations, Advance advance, SignInMetrics metrics) : IStep
{
    internal const string PagePath = "/signin/organization", StepName = "organization";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [new("organization", "text", OrganizationDemand.MaxLength)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync(run, Name, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        return Ask(await ChoicesAsync(read, halfWay, ct), null);
    }

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync(run, Name, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
        var choices = await ChoicesAsync(tx, halfWay, ct);
        if (choices.FirstOrDefault(c => c.Id.ToString() == input["organization"]) is not { } chosen) return Ask(choices, "organization_unknown");
        if (!await halfWays.SpendAsync(tx, halfWay, ct)) return new StepOutcome.Next(Name);
        var outcome = await advance.AfterAsync(tx, halfWay with { Proved = halfWay.Proved with { Organization = chosen.Id } }, [], null, ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        return outcome;
    }

    public PageResult Page(Run run, StepView view) =>
        PageResult.Of<OrganizationPage, OrganizationModel>(new(run.Interaction.Id, ((OrganizationData)view.Data!).Organizations, view.Problem, run.Interaction.Identifier), SignInRun.Options(run.Interaction, view.Status));

    private async ValueTask<IReadOnlyList<Organization>> ChoicesAsync(TenantTransaction tx, HalfWay halfWay, CancellationToken ct) =>
        (await organizations.StandAsync(tx, halfWay.User.Id, halfWay.Interaction.Demand.Organization, null, ct)).Choices;

    private static StepOutcome.Ask Ask(IReadOnlyList<Organization> choices, string? problem) =>
        new(new(StepName, problem, new OrganizationData([.. choices.Select(o => new OrganizationChoice(o.Id, o.Slug, o.DisplayName))])));

    /// <summary>Whether what she began with is open in the organization: among what the tenant offers, never beyond.</summary>
    internal static bool AllowsFirst(OrganizationStanding standing, IReadOnlyList<string> methods) =>
        standing.Organization?.Settings.Methods is not { } open || FlowVerdict.UsedAny(open, methods);

    /// <summary>What the tenant's flow asks, and what her organization asks on top: a second step of everybody, which no trusted browser stands in for.</summary>
    internal static FlowVerdict Tighten(FlowVerdict verdict, OrganizationStanding standing) =>
        standing.Organization is { Settings.RequiresSecondFactor: true }
            ? verdict with { SecondFactors = [.. verdict.SecondFactors, new SecondFactorStep("organization", null, null, Enrol: true, null, TrustedDevice: false)] } : verdict;
}

/// <summary>One of her organizations.</summary>
public sealed record OrganizationChoice(OrganizationId Id, string Slug, string Name);

internal sealed record OrganizationData(IReadOnlyList<OrganizationChoice> Organizations);

public sealed record OrganizationModel(InteractionId Interaction, IReadOnlyList<OrganizationChoice> Organizations, string? Problem, string? Account);
