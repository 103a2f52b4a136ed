using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// A code and a link by mail, instead of the password. They go to verified addresses only: what nobody has proved may be somebody else's. Known
/// and unknown addresses get one answer after one amount of work, message included; the worker drops what is for nobody.
/// </summary>
internal sealed class EmailCodeStep(IDatabase database, UserDirectory users, Passwords passwords, OneTimeCodes codes, SignInPlan plan, Mailer mailer, RateLimit limits, Advance advance, SignInMetrics metrics,
    Refusals refusals, AuditLog audit, TimeProvider clock) : IResendable
{
    internal const string PagePath = "/signin/email", StepName = "email_code";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [new("code", "code", 64)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        await FindAddressAsync(run, ct) is { } address ? await AskAsync(run, address, null, ct) : new StepOutcome.Next(await plan.FirstAsync(run, ct));

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        // 1. Whose account it is about.
        var (tenant, request) = (run.Tenant, run.Request);
        if (await FindAddressAsync(run, ct) is not { } address) return new StepOutcome.Next(await plan.FirstAsync(run, ct));
        if (input["code"].Length == 0) return await AskAsync(run, address, "code_missing", ct);
        User? user;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) user = await users.FindByEmailAsync(read, address, ct);

        // 2. The attempt is counted before it is made.
        if (await codes.BeginAttemptAsync(tenant, Binding(run, address), user?.Id, run.Device, request, ct) is not { } attempt)
            return await RefuseAsync(run, address, user?.Id, "throttled", "code_wrong", ct);

        // 3. Code and what follows from it, whole or not at all.
        string reason;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            // She before the code, as disabling her does it; both, whatever the first says.
            var refused = await CheckAsync(tx, run, address, user?.Id ?? default, ct);
            reason = await codes.RedeemAsync(tx, attempt, input["code"], ct) is not { } proved || proved != user?.Id ? "wrong_code" : refused ?? "";
            if (reason.Length == 0) return await GoOnAsync(tx, run, user!.Id, ct);
        }
        return await RefuseAsync(run, address, user?.Id, reason, reason == "wrong_account" ? reason : "code_wrong", ct);
    }

    public async ValueTask<StepOutcome> ResendAsync(Run run, CancellationToken ct)
    {
        var tenant = run.Tenant;
        if (await FindAddressAsync(run, ct) is not { } address) return new StepOutcome.Next(await plan.FirstAsync(run, ct));
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (!await MailBudget.TryTakeAsync(tx, limits, "signin_mail.ip", run.Request, ct)) return new StepOutcome.Next(Name);
            var user = await users.FindByEmailAsync(tx, address, ct) is { Status: UserStatus.Active } active && active.EmailOf(address).Verified ? active : null;
            if (await codes.IssueAsync(tx, tenant, Binding(run, address), user?.Id, run.Binding, ct) is { } issued)
            {
                var values = MailValues.Of(tenant.Url(SignInRun.Path($"{SignInLink.Path}?token={issued.Token}", run.Interaction.Id)), issued.Lifetime);
                values["code"] = issued.Code;
                var known = run.Device is { } device && await passwords.FamiliarityAsync(tx, user?.Id ?? default, device, ct) == DeviceFamiliarity.Known;
                var mail = new Mail(user?.EmailOf(address).Address ?? address.Address, "sign_in_code", user?.Locale ?? run.Locale, values, ForNobody: user is null, issued.Lifetime)
                {
                    Share = known ? Convert.ToHexStringLower(run.Device!) : "",
                };
                // What is not sent must not take the place of what was.
                if (await mailer.QueueAsync(tx, tenant, mail, ct))
                {
                    await audit.AppendAsync(tx, new AuditEntry("session.code_sent", user is null ? AuditOutcome.Denied : AuditOutcome.Success, AuditActor.Anonymous,
                        user is null ? null : "user", user?.Id.ToString(), run.Request,
                        new Dictionary<string, string> { ["method"] = "email", ["result"] = user is null ? "unknown_user" : "sent" }), ct);
                    await tx.CommitAsync(ct);
                }
            }
        }
        return await AskAsync(run, address, null, ct);
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (SentCodeData)view.Data!;
        return PageResult.Of<SentCodePage, SentCodeModel>(new(run.Interaction.Id, Name, Path, data.Name, data.Name, SentBy.Mail, data.Sent, run.Interaction.Demand.ApplicationName, view.Problem,
            data.Password ? [new(SignInRun.Path(PasswordStep.PagePath, run.Interaction.Id), PasswordStep.StepName)] : []),
            SignInRun.Options(run.Interaction, view.Status));
    }

    /// <summary>What follows a proof by code or by link. Commits.</summary>
    internal async ValueTask<StepOutcome> GoOnAsync(TenantTransaction tx, Run run, UserId user, CancellationToken ct)
    {
        var outcome = await advance.AfterAsync(tx, run, user, ["email"], ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        return outcome;
    }

    /// <summary>Whether she to whom the code was sent may still sign in with it: the address hers and proved, she active until this transaction ends, and the one who is asked for.</summary>
    /// <returns>Null when she may.</returns>
    internal async ValueTask<string?> CheckAsync(TenantTransaction tx, Run run, EmailAddress address, UserId whose, CancellationToken ct)
    {
        var active = await users.HoldActiveAsync(tx, whose, ct);
        if (await users.FindByEmailAsync(tx, address, ct) is not { } user || user.Id != whose || !user.EmailOf(address).Verified) return "address_changed";
        if (!active) return "user_disabled";
        return run.Interaction.Demand.RequiredUser is { } required && required != whose ? "wrong_account" : null;
    }

    /// <summary>Whereto; null where nothing is sent by mail in this run.</summary>
    private async ValueTask<EmailAddress?> FindAddressAsync(Run run, CancellationToken ct) =>
        EmailAddress.Parse(run.Interaction.Identifier).TryGet(out var address, out _) && (await plan.FirstFactorsAsync(run, ct)).Contains(StepName, StringComparer.Ordinal) ? address : null;

    private static CodeBinding Binding(Run run, EmailAddress address) => new(CodePurpose.EmailSignIn, run.Interaction.Id.Value, address.Normalized);

    private async ValueTask<StepOutcome> AskAsync(Run run, EmailAddress address, string? problem, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        return new StepOutcome.Ask(new(Name, problem, SentCodeData.Of(address.Address, await codes.FindAsync(read, Binding(run, address), ct), clock)
            with { Password = (await plan.FirstFactorsAsync(run, ct)).Contains(PasswordStep.StepName, StringComparer.Ordinal) }));
    }

    private async ValueTask<StepOutcome> RefuseAsync(Run run, EmailAddress address, UserId? user, string reason, string problem, CancellationToken ct)
    {
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            await refusals.RecordAsync(tx, SentCodeData.Refused("email_code", user, reason, run.Request), reason == "throttled", ct);
            await tx.CommitAsync(ct);
        }
        return await AskAsync(run, address, problem, ct);
    }
}

/// <summary>A code that was sent, or is to be.</summary>
/// <param name="Name">Whose, or whereto.</param>
/// <param name="Sent">Whether one is out that could be typed.</param>
/// <param name="AgainIn">Seconds until another may be asked for; null: none will be sent in this run.</param>
/// <param name="Password">Whether her password will do as well.</param>
internal sealed record SentCodeData(string Name, bool Sent, int? AgainIn, [property: JsonIgnore] bool Password = false)
{
    internal static SentCodeData Of(string name, CodeState? state, TimeProvider clock) =>
        new(name, state is not null, state is null ? 0 : state.AgainAt is { } at ? (int)Math.Max(0, Math.Ceiling((at - clock.Now()).TotalSeconds)) : null);

    /// <summary>The actor is nobody: whoever typed it has proved nothing.</summary>
    internal static AuditEntry Refused(string method, UserId? user, string reason, RequestFacts request) =>
        new("session.refused", reason == "wrong_code" ? AuditOutcome.Failure : AuditOutcome.Denied, AuditActor.Anonymous, user is null ? null : "user", user?.ToString(), request,
            new Dictionary<string, string> { ["method"] = method, ["reason"] = user is null && reason == "wrong_code" ? "unknown_user" : reason });
}

/// <summary>How a code travelled.</summary>
public enum SentBy { Mail, Sms }

/// <summary>Another way to the same end.</summary>
public sealed record OtherWay(string Path, string Step);

/// <param name="Target">Whereto it was sent, as may be shown.</param>
public sealed record SentCodeModel(InteractionId Interaction, string Step, string Path, string Name, string Target, SentBy By, bool Sent, string? Application, string? Problem, IReadOnlyList<OtherWay> Others)
{
    /// <summary>For how long she may trust this browser, where this is her second step; null: not at all.</summary>
    public int? TrustDays { get; init; }

    /// <summary>As <see cref="CodeModel.RecoverPath"/>.</summary>
    public string? RecoverPath { get; init; }
}
