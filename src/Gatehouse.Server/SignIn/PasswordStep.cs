using System.Text.Json.Serialization;
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
/// amount of work; only the audit knows which it was. Also what follows a key that proves nothing but itself: then it is the password of whoever
/// has proved that, and counts beside it.
/// </summary>
internal sealed class PasswordStep(IDatabase database, UserDirectory users, Passwords passwords, SignInPlan plan, HalfWays halfWays, Advance advance, SignInMetrics metrics, Refusals refusals) : IStep
{
    internal const string PagePath = "/signin/password", StepName = "password";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [new("password", "password", 1024)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        (await FindAsync(run, ct)).TryGet(out var asked, out var elsewhere) ? Ask(asked, null) : elsewhere;

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        // 1. Whose account it is about.
        var (tenant, interaction, password) = (run.Tenant, run.Interaction, input["password"]);
        if (!(await FindAsync(run, ct)).TryGet(out var asked, out var elsewhere)) return elsewhere;
        if (password.Length == 0) return Ask(asked, "password_missing");
        var user = asked.HalfWay?.User;
        DateTimeOffset? changedAt;
        await using (var read = await database.ReadAsync(tenant.Id, ct))
        {
            if (asked.Address is { } address) user = await users.FindByEmailAsync(read, address, ct);
            changedAt = await passwords.ChangedAtAsync(read, user?.Id ?? default, ct);      // asked for nobody as well
        }

        // 2. The proof. Outside every transaction: it takes milliseconds and waits its turn.
        var verdict = await passwords.VerifyAsync(tenant, user, asked.Normalized, password, run.Device, run.Request, ct);
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
            // As below: nor is it said to be right in somebody else's run.
            var said = problem == "wrong_account" && (await plan.NextAsync(tx, run, user!.Id, ["pwd"], ct)).Refusal == SignInPlan.NotThisWay ? "credentials_wrong" : problem;
            await tx.CommitAsync(ct);
            metrics.Refused(verdict);
            return Ask(asked, said);
        }
        if (asked.HalfWay is { } halfWay && !await halfWays.SpendAsync(tx, halfWay, ct)) return new StepOutcome.Next(Name);
        var outcome = asked.HalfWay is not null ? await advance.AfterAsync(tx, asked.HalfWay, ["pwd"], null, ct) : await advance.AfterAsync(tx, run, user!.Id, ["pwd"], ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        // A password that opens nothing to her is not said to be right: where the flow wants a passkey of somebody, guessing at her password finds nothing out.
        return asked.HalfWay is null && outcome is StepOutcome.Ask { View.Problem: SignInPlan.NotThisWay } ? Ask(asked, "credentials_wrong") : outcome;
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (PasswordData)view.Data!;
        return PageResult.Of<PasswordPage, PasswordModel>(new(run.Interaction.Id, data.Name, run.Interaction.Demand.ApplicationName, view.Problem, data.MailCode),
            SignInRun.Options(run.Interaction, view.Status));
    }

    /// <summary>Whose password is asked for: that of the address that was typed, or of her who has proved a key and nothing she knows.</summary>
    private async ValueTask<Result<Asked, StepOutcome>> FindAsync(Run run, CancellationToken ct)
    {
        if (run.Interaction.Proved is { } proved && !proved.Proofs.Any(p => p.Method is "pwd" or "email"))
        {
            if (!(await halfWays.FindAsync(run, Name, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
            return new Asked(halfWay.Name, halfWay.User.PrimaryEmail?.Normalized ?? halfWay.User.Id.ToString(), null, halfWay, MailCode: false);
        }
        if (!EmailAddress.Parse(run.Interaction.Identifier).TryGet(out var address, out _)) return new StepOutcome.Next(IdentifierStep.StepName);
        var open = await plan.FirstFactorsAsync(run, ct);
        return open.Contains(StepName, StringComparer.Ordinal)
            ? new Asked(address.Address, address.Normalized, address, null, open.Contains(EmailCodeStep.StepName, StringComparer.Ordinal))
            : new StepOutcome.Next(await plan.FirstAsync(run, ct));
    }

    private static StepOutcome.Ask Ask(Asked asked, string? problem) => new(new(StepName, problem, new PasswordData(asked.Name, asked.MailCode)));

    /// <param name="Name">As she typed it, or is called.</param>
    /// <param name="Normalized">Under which attempts are counted.</param>
    /// <param name="Address">Null beside a key.</param>
    /// <param name="HalfWay">Null where the password is the first proof.</param>
    private sealed record Asked(string Name, string Normalized, EmailAddress? Address, HalfWay? HalfWay, bool MailCode);

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

/// <param name="Name">Whose password it is.</param>
/// <param name="MailCode">Whether a code by mail will do as well.</param>
internal sealed record PasswordData(string Name, [property: JsonIgnore] bool MailCode);

/// <param name="MailCode">Whether a code by mail will do as well.</param>
public sealed record PasswordModel(InteractionId Interaction, string Identifier, string? Application, string? Problem, bool MailCode);
