using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// The account's password. Known and unknown addresses, wrong passwords, disabled users and too many attempts get one answer after one
/// amount of work; only the audit knows which it was.
/// </summary>
internal sealed class PasswordStep(IDatabase database, UserDirectory users, Passwords passwords, Advance advance, SignInMetrics metrics, Refusals refusals) : IStep
{
    internal const string PagePath = "/signin/password", StepName = "password";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [new("password", "password", 1024)];

    public ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        new(!EmailAddress.Parse(run.Interaction.Identifier).TryGet(out _, out _) ? new StepOutcome.Next(IdentifierStep.StepName)
            : !IsOffered(run) ? new StepOutcome.Next(EmailCodeStep.StepName) : new StepOutcome.Ask(new(StepName)));

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        // 1. Whose account it is about.
        var (tenant, interaction, password) = (run.Tenant, run.Interaction, input["password"]);
        if (!EmailAddress.Parse(interaction.Identifier).TryGet(out var address, out _)) return new StepOutcome.Next(IdentifierStep.StepName);
        if (!IsOffered(run)) return new StepOutcome.Next(EmailCodeStep.StepName);
        if (password.Length == 0) return new StepOutcome.Ask(new(StepName, "password_missing"));
        User? user;
        DateTimeOffset? changedAt;
        await using (var read = await database.ReadAsync(tenant.Id, ct))
        {
            user = await users.FindByEmailAsync(read, address, ct);
            changedAt = await passwords.ChangedAtAsync(read, user?.Id ?? default, ct);      // asked for nobody as well
        }

        // 2. The proof. Outside every transaction: it takes milliseconds and waits its turn.
        var verdict = await passwords.VerifyAsync(tenant, user, address.Normalized, password, run.Device, run.Request, ct);
        var problem = verdict != PasswordVerdict.Right || user is null ? "credentials_wrong"
            : interaction.Demand.RequiredUser is { } required && required != user.Id ? "wrong_account"
            : null;

        // 3. What follows from it, whole or not at all.
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // She may have been disabled, or have set another password, while this one waited for its turn; her sessions have ended then.
        if (problem is null && !(changedAt is { } set && await passwords.HoldAsync(tx, user!.Id, set, ct) && await users.HoldActiveAsync(tx, user.Id, ct)))
            problem = "credentials_wrong";
        if (problem is not null)
        {
            await refusals.RecordAsync(tx, Failure(user, verdict, problem, run.Request), verdict == PasswordVerdict.Throttled, ct);
            await tx.CommitAsync(ct);
            metrics.Refused(verdict);
            return new StepOutcome.Ask(new(StepName, problem));
        }
        var outcome = await advance.AfterAsync(tx, run, user!.Id, ["pwd"], ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        return outcome;
    }

    public PageResult Page(Run run, StepView view) =>
        PageResult.Of<PasswordPage, PasswordModel>(new(run.Interaction.Id, run.Interaction.Identifier!, run.Interaction.Demand.ApplicationName, view.Problem, run.Tenant.Settings.SignIn.Offers(SignInSettings.EmailCode)),
            SignInRun.Options(run.Interaction, view.Status));

    /// <summary>Also where people begin with something else: a run that has proved something may need it beside.</summary>
    private static bool IsOffered(Run run) => run.Interaction.Proved is not null || run.Tenant.Settings.SignIn.Offers(SignInSettings.Password);

    /// <summary>The actor is nobody: whoever typed it has proved nothing. Unknown addresses are not written down: people type passwords there.</summary>
    private static AuditEntry Failure(User? user, PasswordVerdict verdict, string problem, RequestFacts request) =>
        new("session.refused", verdict == PasswordVerdict.Wrong ? AuditOutcome.Failure : AuditOutcome.Denied, AuditActor.Anonymous,
            user is null ? null : "user", user?.Id.ToString(), request, new Dictionary<string, string>
            {
                ["method"] = "pwd",
                ["reason"] = verdict switch
                {
                    PasswordVerdict.Throttled => "throttled",
                    PasswordVerdict.Right => problem,
                    _ when user is null => "unknown_user",
                    _ when user.Status == UserStatus.Disabled => "user_disabled",
                    _ => "wrong_password",
                },
            });
}

/// <param name="MailCode">Whether a code by mail will do as well.</param>
public sealed record PasswordModel(InteractionId Interaction, string Identifier, string? Application, string? Problem, bool MailCode);
