using Gatehouse.Flows;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>Which address somebody registers with, and what she is called. Programs only: pages have <see cref="SignUpStep"/>.</summary>
internal sealed class SignUpAddressStep(IDatabase database, Interactions interactions, RegistrationFlow registration, SignUpRequest sender, Refusals refusals, TimeProvider clock) : IStep
{
    internal const string StepName = "sign_up";

    public string Name => StepName;
    public string Path => SignUpStep.Path;
    public IReadOnlyList<StepField> Fields { get; } = [new("email", "email", EmailAddress.MaxLength), new("name", "text", PersonName.MaxLength, Optional: true)];

    public ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) => ValueTask.FromResult(SignUpRun.IsOpen(run, Name) ? Ask(run, null) : SignUpRun.Elsewhere(run));

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (!SignUpRun.IsOpen(run, Name)) return SignUpRun.Elsewhere(run);
        var (tenant, demand) = (run.Tenant, run.Interaction.Demand);
        if (!tenant.Settings.Registration.Open) return Ask(run, SignUpFault.Closed);
        if ((await registration.JudgeAsync(tenant, demand.Client, run.Request, ct)).DeniedBy is { } denied)
        {
            await registration.DenyAsync(tenant, denied, refusals, run.Request, ct);
            return Ask(run, SignUpFault.Closed);
        }
        if (!EmailAddress.Parse(input["email"]).TryGet(out var address, out var problem)) return Ask(run, problem.Code);
        if (!PersonName.Parse(input["name"], "name").TryGet(out _, out problem)) return Ask(run, problem.Code);

        // The person she will be stays the same while the run lasts: a code for one address never speaks for another, and one sent before stays good.
        var user = SignUpRun.DraftOf(run.Interaction)?.User ?? UserId.New(clock);
        var draft = new SignUpDraft(address.Address, input["name"], run.Locale, null, demand.Client, user);
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (!await interactions.KeepDraftAsync(tx, run.Interaction, SignUpRun.Text(draft), ct)) return new StepOutcome.Next(Name);
            await tx.CommitAsync(ct);
        }
        var sent = await SendAsync(run, draft, address, ct);
        return sent == SignUpSent.TooMany ? Ask(run, "mails_too_many") : new StepOutcome.Next(SignUpCodeStep.StepName);
    }

    /// <summary>In a transaction of its own: a message that is not sent takes the place of none.</summary>
    internal async ValueTask<SignUpSent> SendAsync(Run run, SignUpDraft draft, EmailAddress address, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
        var sent = await sender.SendAsync(tx, run.Tenant, draft, address, run.Interaction.Id, run.Request, ct);
        if (sent == SignUpSent.Sent) await tx.CommitAsync(ct);
        return sent;
    }

    public PageResult Page(Run run, StepView view) => throw new InvalidOperationException("Pages have a form of their own for it.");

    private static StepOutcome.Ask Ask(Run run, string? problem) => new(new(StepName, problem, new IdentifierData(run.Interaction.Demand.LoginHint, null)));
}
