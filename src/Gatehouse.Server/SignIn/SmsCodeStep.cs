using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// A code by text message as the first step, for who gave a telephone number instead of an address. Known and unknown numbers get one answer
/// after one amount of work; a message for nobody is queued, counted apart, and dropped.
/// </summary>
internal sealed class SmsCodeStep(IDatabase database, UserDirectory users, OneTimeCodes codes, Texter texter, Advance advance, SignInMetrics metrics, Refusals refusals, AuditLog audit, TimeProvider clock) : IResendable
{
    internal const string PagePath = "/signin/sms", StepName = "sms_code";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [new("code", "code", 64)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        NumberOf(run) is { } number ? await AskAsync(run, number, null, ct) : new StepOutcome.Next(IdentifierStep.StepName);

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (NumberOf(run) is not { } number) return new StepOutcome.Next(IdentifierStep.StepName);
        if (input["code"].Length == 0) return await AskAsync(run, number, "code_missing", ct);
        User? user;
        await using (var read = await database.ReadAsync(run.Tenant.Id, ct)) user = await users.FindByPhoneAsync(read, number, ct);
        if (await codes.BeginAttemptAsync(run.Tenant, Binding(run, number), user?.Id, run.Device, run.Request, ct) is not { } attempt)
            return await RefuseAsync(run, number, user?.Id, "throttled", "code_wrong", ct);
        string reason;
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            // She before the code, as disabling her does it.
            var active = await users.HoldActiveAsync(tx, user?.Id ?? default, ct);
            reason = await codes.RedeemAsync(tx, attempt, input["code"], ct) is not { } proved || proved != user?.Id ? "wrong_code"
                // The number may have gone to somebody else meanwhile.
                : (await users.FindByPhoneAsync(tx, number, ct))?.Id != proved ? "number_changed"
                : !active ? "user_disabled"
                : run.Interaction.Demand.RequiredUser is { } required && required != proved ? "wrong_account" : "";
            if (reason.Length == 0)
            {
                var outcome = await advance.AfterAsync(tx, run, user!.Id, ["sms"], ct);
                if (outcome is StepOutcome.Done) metrics.Succeeded();
                return outcome;
            }
        }
        return await RefuseAsync(run, number, user?.Id, reason, reason == "wrong_account" ? reason : "code_wrong", ct);
    }

    public async ValueTask<StepOutcome> ResendAsync(Run run, CancellationToken ct)
    {
        if (NumberOf(run) is not { } number) return new StepOutcome.Next(IdentifierStep.StepName);
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            var user = await users.FindByPhoneAsync(tx, number, ct) is { Status: UserStatus.Active } active ? active : null;
            var issued = await codes.IssueAsync(tx, run.Tenant, Binding(run, number), user?.Id, null, ct);
            if (issued is not null && await texter.QueueAsync(tx, run.Tenant, new Sms(number, "sign_in_code", user?.Locale ?? run.Locale, issued.Code, issued.Lifetime, RateLimit.SiteKey(run.Request.IpAddress), ForNobody: user is null), ct))
            {
                await audit.AppendAsync(tx, new AuditEntry("session.code_sent", user is null ? AuditOutcome.Denied : AuditOutcome.Success, AuditActor.Anonymous,
                    user is null ? null : "user", user?.Id.ToString(), run.Request, new Dictionary<string, string> { ["method"] = "sms", ["result"] = user is null ? "unknown_user" : "sent" }), ct);
                await tx.CommitAsync(ct);
                return await AskAsync(run, number, null, ct);
            }
            if (issued is null) return await AskAsync(run, number, null, ct);
        }
        // Limits count what is for nobody apart: the page says the same, or it would tell whose number it is. A code that is out stays good.
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            if (!await codes.PostponeAsync(tx, Binding(run, number), ct)) await codes.IssueAsync(tx, run.Tenant, Binding(run, number), null, null, ct);
            await tx.CommitAsync(ct);
        }
        return await AskAsync(run, number, null, ct);
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (SentCodeData)view.Data!;
        return PageResult.Of<SentCodePage, SentCodeModel>(new(run.Interaction.Id, Name, Path, data.Name, data.Name, SentBy.Sms, data.Sent, run.Interaction.Demand.ApplicationName, view.Problem, []),
            SignInRun.Options(run.Interaction, view.Status));
    }

    /// <returns>Null where this is not offered, or no number was given.</returns>
    private static PhoneNumber? NumberOf(Run run) => run.Tenant.Settings.SignIn.Offers(SignInSettings.SmsCode) ? PhoneNumber.Parse(run.Interaction.Identifier) : null;

    private static CodeBinding Binding(Run run, PhoneNumber number) => new(CodePurpose.SmsSignIn, run.Interaction.Id.Value, number.Value);

    private async ValueTask<StepOutcome> AskAsync(Run run, PhoneNumber number, string? problem, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        var state = await codes.FindAsync(read, Binding(run, number), ct);
        return new StepOutcome.Ask(new(Name, problem, SentCodeData.Of(number.Value, state, clock)));
    }

    private async ValueTask<StepOutcome> RefuseAsync(Run run, PhoneNumber number, UserId? user, string reason, string problem, CancellationToken ct)
    {
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            await refusals.RecordAsync(tx, SentCodeData.Refused("sms_code", user, reason, run.Request), reason == "throttled", ct);
            await tx.CommitAsync(ct);
        }
        return await AskAsync(run, number, problem, ct);
    }
}
