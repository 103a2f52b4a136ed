using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// The code that was mailed to the address somebody registers with. For an address that is somebody's already none is ever right, and everything else
/// is the same: nobody but the mailbox tells.
/// </summary>
internal sealed class SignUpCodeStep(IDatabase database, Interactions interactions, OneTimeCodes codes, SignUpAddressStep asking, Refusals refusals, TimeProvider clock) : IResendable
{
    internal const string StepName = "sign_up_code";

    public string Name => StepName;
    public string Path => SignUpStep.Path;
    public IReadOnlyList<StepField> Fields { get; } = [new("code", "code", 64)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) => Find(run) is var (_, address) ? await AskAsync(run, address, null, ct) : SignUpRun.Elsewhere(run);

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (Find(run) is not var (draft, address)) return SignUpRun.Elsewhere(run);
        if (input["code"].Length == 0) return await AskAsync(run, address, "code_missing", ct);
        // Counted before it is made, and as for nobody, whoever has the address.
        if (await codes.BeginAttemptAsync(run.Tenant, SignUpRequest.Binding(run.Interaction.Id, address), null, null, run.Request, ct) is not { } attempt) return await RefuseAsync(run, address, "throttled", ct);
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            if (await codes.RedeemAsync(tx, attempt, input["code"], ct) is { } proved && proved == draft.User)
            {
                if (!await interactions.KeepDraftAsync(tx, run.Interaction, SignUpRun.Text(draft with { Proved = true }), ct)) return new StepOutcome.Next(Name);
                await tx.CommitAsync(ct);
                return new StepOutcome.Next(SignUpAccountStep.PasswordStepName);
            }
        }
        return await RefuseAsync(run, address, "wrong_code", ct);
    }

    public async ValueTask<StepOutcome> ResendAsync(Run run, CancellationToken ct)
    {
        if (Find(run) is not var (draft, address)) return SignUpRun.Elsewhere(run);
        var sent = await asking.SendAsync(run, draft, address, ct);
        return await AskAsync(run, address, sent == SignUpSent.TooMany ? "mails_too_many" : null, ct);
    }

    public PageResult Page(Run run, StepView view) => throw new InvalidOperationException("Pages send a link.");

    private (SignUpDraft Draft, EmailAddress Address)? Find(Run run) =>
        SignUpRun.IsOpen(run, Name) && SignUpRun.DraftOf(run.Interaction) is { } draft && EmailAddress.Parse(draft.Email).TryGet(out var address, out _) ? (draft, address) : null;

    private async ValueTask<StepOutcome> AskAsync(Run run, EmailAddress address, string? problem, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        return new StepOutcome.Ask(new(Name, problem, SentCodeData.Of(address.Address, await codes.FindAsync(read, SignUpRequest.Binding(run.Interaction.Id, address), ct), clock)));
    }

    private async ValueTask<StepOutcome> RefuseAsync(Run run, EmailAddress address, string reason, CancellationToken ct)
    {
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            await refusals.RecordAsync(tx, new AuditEntry("user.registered", reason == "throttled" ? AuditOutcome.Denied : AuditOutcome.Failure, AuditActor.Anonymous, null, null, run.Request,
                new Dictionary<string, string> { ["reason"] = reason }), reason == "throttled", ct);
            await tx.CommitAsync(ct);
        }
        return await AskAsync(run, address, "code_wrong", ct);
    }
}
