using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.SignIn.Recovering;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// The second step: a code from the telephone or (<c>?way=recovery_code</c>) from paper; one instance for each authenticator. Wrong, used and
/// too many get one answer. Code, proofs and session are one transaction: what fails uses up nothing.
/// </summary>
internal sealed class CodeStep(IAuthenticator authenticator, bool isUsual, IDatabase database, HalfWays halfWays, SecondFactors factors, SignInPlan plan, Advance advance,
    SignInMetrics metrics, Mailer mailer, AuditLog audit, Refusals refusals) : IStep
{
    internal const string PagePath = "/signin/code", Way = "way";

    /// <summary>The box on the page, which is no value of an answer: a program cannot send it.</summary>
    internal const string TrustBox = "trust", Ticked = "yes";

    public string Name => authenticator.Name;
    public string Path { get; } = isUsual ? PagePath : $"{PagePath}?{Way}={authenticator.Name}";
    public IReadOnlyList<StepField> Fields { get; } = [new("code", "code", 64)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        !(await FindAsync(run, ct)).TryGet(out var halfWay, out var elsewhere) ? elsewhere : await AskAsync(halfWay, null, ct);

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        // 1. A run whose first factor is proved.
        if (!(await FindAsync(run, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        var (tenant, request, user) = (run.Tenant, run.Request, halfWay.User);
        if (input["code"].Length == 0) return await AskAsync(halfWay, "code_missing", ct);

        // 2. The attempt is counted before it is made.
        if (await factors.BeginAttemptAsync(tenant, authenticator, user.Id, run.Interaction.Id.Value, run.Device, request, ct) is not { } attempt)
        {
            await using var throttled = await database.BeginAsync(tenant.Id, ct);
            await refusals.RecordAsync(throttled, Refused(user.Id, AuditOutcome.Denied, "throttled", request), throttled: true, ct);
            await throttled.CommitAsync(ct);
            return await AskAsync(halfWay, "code_wrong", ct);
        }

        // 3. Code, proofs and session, whole or not at all.
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            // The proofs first: whoever loses the run to another submit must not use up a code.
            if (!await halfWays.SpendAsync(tx, halfWay, ct)) return new StepOutcome.Next(Name);
            if (await factors.VerifyAsync(tx, attempt, input["code"], ct))
            {
                if (!authenticator.IsFactor)
                {
                    await audit.AppendAsync(tx, new AuditEntry("recovery_code.used", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request), ct);
                    await TwoStepNotice.QueueAsync(tx, mailer, tenant, user, TwoStepNotice.RecoveryCodeUsed, run.Locale, ct);
                }
                // Not by a recovery code: that her telephone is gone is no day to trust a browser.
                var trust = authenticator.IsFactor && input[TrustBox] == Ticked;
                var outcome = await advance.AfterAsync(tx, halfWay, authenticator.Methods, null, trust, ct);
                if (outcome is StepOutcome.Done) metrics.Succeeded();
                return outcome;
            }
        }
        await using var failed = await database.BeginAsync(tenant.Id, ct);
        await refusals.RecordAsync(failed, Refused(user.Id, AuditOutcome.Failure, "wrong_code", request), throttled: false, ct);
        await failed.CommitAsync(ct);
        return await AskAsync(halfWay, "code_wrong", ct);
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (CodeData)view.Data!;
        return PageResult.Of<CodePage, CodeModel>(new(run.Interaction.Id, data.Name, run.Interaction.Demand.ApplicationName, !authenticator.IsFactor, view.Problem,
            authenticator.IsFactor ? data.TrustDays : null, [.. data.Others.Select(other => new OtherWay($"{SignInRun.Path(PagePath, run.Interaction.Id)}&{Way}={other}", other))]) { RecoverPath = RecoverPath(run) },
            SignInRun.Options(run.Interaction, view.Status));
    }

    internal static string? RecoverPath(Run run) => Recoveries.IsOffered(run.Tenant) ? SignInRun.Path(RecoverStart.Path, run.Interaction.Id) : null;

    private ValueTask<Result<HalfWay, StepOutcome>> FindAsync(Run run, CancellationToken ct) => halfWays.FindAsync(run, Name, ct);

    private async ValueTask<StepOutcome> AskAsync(HalfWay halfWay, string? problem, CancellationToken ct) =>
        new StepOutcome.Ask(new(Name, problem, new CodeData(halfWay.Name, [.. halfWay.Open.Where(name => name != Name && name != IdentifierStep.StepName)], await plan.FindTrustDaysAsync(halfWay.Run, ct))));

    /// <summary>The actor is nobody: whoever typed it has proved half of it.</summary>
    private AuditEntry Refused(UserId user, AuditOutcome outcome, string reason, RequestFacts request) =>
        new("session.refused", outcome, AuditActor.Anonymous, "user", user.ToString(), request,
            new Dictionary<string, string> { ["method"] = authenticator.Name, ["reason"] = reason });
}

/// <param name="Name">Whose code it is.</param>
/// <param name="Others">What else she has, any of which will do.</param>
/// <param name="TrustDays">For how long she may trust this browser; null: not at all, as for every program.</param>
internal sealed record CodeData(string Name, IReadOnlyList<string> Others, int? TrustDays);

/// <param name="Recovery">Asks for a recovery code.</param>
public sealed record CodeModel(InteractionId Interaction, string Name, string? Application, bool Recovery, string? Problem, int? TrustDays, IReadOnlyList<OtherWay> Others)
{
    /// <summary>Where she goes who has none of these; null where only an administrator helps.</summary>
    public string? RecoverPath { get; init; }
}
