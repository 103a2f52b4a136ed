using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// A passkey instead of address and password, offered with the first question. Unknown passkeys, wrong answers, disabled users and too
/// many attempts get one answer; only the audit knows which it was.
/// </summary>
internal sealed class PasskeyStep(IDatabase database, UserDirectory users, Passkeys passkeys, Advance advance, SignInMetrics metrics, Refusals refusals) : IStep
{
    internal const string PagePath = "/signin/passkey", StepName = "passkey";
    private const int MaxValue = 64 * 1024;

    /// <summary>What the script of the page fills in.</summary>
    internal static readonly string[] Inputs = ["id", "client_data", "data", "signature", "user_handle"];

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [.. Inputs.Select(i => new StepField(i, "base64url", MaxValue, Optional: i == "user_handle"))];

    /// <summary>On pages it is asked together with the address.</summary>
    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
        if (await passkeys.BeginSignInAsync(tx, run.Tenant, run.Interaction.Id.Value, ct) is not { } request) return new StepOutcome.Next(IdentifierStep.StepName);
        await tx.CommitAsync(ct);
        return new StepOutcome.Ask(new(StepName, null, request));
    }

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        // 1. The proof, and whether she may sign in, and here.
        var (tenant, interaction, request) = (run.Tenant, run.Interaction, run.Request);
        if (!tenant.Settings.SignIn.Offers(SignInSettings.Passkey)) return new StepOutcome.Next(IdentifierStep.StepName);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var sent = new PasskeyForm(input["id"], input["client_data"], input["data"], input["signature"], input["user_handle"], "");
        var result = await passkeys.VerifyAsync(tx, tenant, interaction.Id.Value, sent, request, ct);
        if (result.TryGet(out var proof, out var refused))
        {
            if (!await users.HoldActiveAsync(tx, proof.UserId, ct))
            {
                refused = new("passkey_refused", "user_disabled", proof.UserId);
                await passkeys.CountFailureAsync(tx, tenant, request, ct);
            }
            else if (interaction.Demand.RequiredUser is { } required && required != proof.UserId) refused = new("wrong_account", "wrong_account", proof.UserId);
        }

        // 2. What follows from it, whole or not at all; the challenge is used up either way.
        if (refused is not null)
        {
            await refusals.RecordAsync(tx, Failure(refused, request), refused.Reason == "throttled", ct);
            var view = await IdentifierStep.ViewAsync(tx, run, passkeys, null, refused.Code, ct);
            await tx.CommitAsync(ct);
            metrics.RefusedPasskey();
            return new StepOutcome.Ask(view);
        }
        var outcome = await advance.AfterAsync(tx, run, proof!.UserId, proof.Methods, ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        return outcome;
    }

    public PageResult Page(Run run, StepView view) => throw new InvalidOperationException("A passkey is asked for on the page of the address.");

    private static AuditEntry Failure(PasskeyRefusal refused, RequestFacts request) =>
        new("session.refused", refused.Reason is "throttled" or "user_disabled" or "wrong_account" ? AuditOutcome.Denied : AuditOutcome.Failure, AuditActor.Anonymous,
            refused.UserId is null ? null : "user", refused.UserId?.ToString(), request, new Dictionary<string, string> { ["method"] = "passkey", ["reason"] = refused.Reason });
}
