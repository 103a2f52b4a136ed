using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// Where the password she has just proved is too old, was found on a list of breached ones or was chosen by an administrator, she chooses
/// another before there is a session; after a second step that she has, so that the old password alone does not set the new one.
/// </summary>
internal sealed class NewPasswordStep(IDatabase database, HalfWays halfWays, SignInPlan plan, Passwords passwords, Advance advance, SignInMetrics metrics, Mailer mailer, AuditLog audit) : IStep
{
    internal const string PagePath = "/signin/new-password", StepName = "new_password";
    private const string Password = "pwd";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [new("new_password", "password", 1024)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        !(await FindAsync(run, ct)).TryGet(out var found, out var elsewhere) ? elsewhere : Ask(found, null);

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        // 1. A run in which everything else that must come before is proved.
        if (!(await FindAsync(run, ct)).TryGet(out var found, out var elsewhere)) return elsewhere;
        var (tenant, user, email, password) = (run.Tenant, found.HalfWay.User, found.HalfWay.User.PrimaryEmail?.Address, input["new_password"]);
        if (password.Length == 0) return Ask(found, "password_missing");

        // 2. Not the one she has. Outside every transaction: it takes its time.
        if (!(await passwords.HashReplacementAsync(tenant, user.Id, password, email, ct)).TryGet(out var phc, out var problem)) return Ask(found, problem.Code);

        // 3. The proofs are used up before the password changes, which voids what it was proved with; the new one takes the old one's place among them.
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await halfWays.SpendAsync(tx, found.HalfWay, ct)) return new StepOutcome.Next(Name);
        await passwords.SetAsync(tx, user.Id, phc, ct);
        await audit.AppendAsync(tx, new AuditEntry("password.changed", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), run.Request,
            found.Reason is { } reason ? new Dictionary<string, string> { ["reason"] = Text(reason) } : null), ct);
        await PasswordNotice.QueueAsync(tx, mailer, tenant, user, user.PrimaryEmail, run.Locale, ct);
        var others = found.HalfWay with { Proved = found.HalfWay.Proved with { Proofs = [.. found.HalfWay.Proved.Proofs.Where(p => p.Method != Password)] } };
        var outcome = await advance.AfterAsync(tx, others, [Password], null, ct);
        if (outcome is StepOutcome.Done) metrics.Succeeded();
        return outcome;
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (NewPasswordData)view.Data!;
        var reason = Enum.GetValues<PasswordChangeReason>().First(r => Text(r) == data.Reason);
        return PageResult.Of<NewPasswordPage, NewPasswordModel>(new(run.Interaction.Id, data.Name, reason, view.Problem), SignInRun.Options(run.Interaction, view.Status));
    }

    /// <returns>A run in which this is the next step; else the way to the right one.</returns>
    private async ValueTask<Result<Found, StepOutcome>> FindAsync(Run run, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync(run, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        // A password that an older session has proved is not at hand in this run.
        if (!halfWay.Proved.Proofs.Any(p => p.Method == Password && p.Session is null)) return new StepOutcome.Next(PasswordStep.StepName);
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        // None: what made this necessary has been taken back since. She is here, and goes on by choosing one all the same.
        var open = await plan.NextAsync(read, run, halfWay.User.Id, Assurance.Combine(halfWay.Proved.Proofs.Select(p => p.Method)), ct);
        if (open.Refusal is not null) return new StepOutcome.Next(await plan.FirstAsync(run, ct));
        if (open.Steps is [var first, ..] && !open.Steps.Contains(Name, StringComparer.Ordinal)) return new StepOutcome.Next(first);
        return new Found(halfWay, await passwords.ChangeDueAsync(read, run.Tenant, halfWay.User.Id, ct));
    }

    private StepOutcome.Ask Ask(Found found, string? problem) =>
        new(new(Name, problem, new NewPasswordData(found.HalfWay.Name, Text(found.Reason ?? PasswordChangeReason.Administrator))));

    private static string Text(PasswordChangeReason reason) => reason switch
    {
        PasswordChangeReason.Breached => "breached",
        PasswordChangeReason.Expired => "expired",
        _ => "administrator",
    };

    private sealed record Found(HalfWay HalfWay, PasswordChangeReason? Reason);
}

/// <param name="Name">Whose password it is.</param>
/// <param name="Reason"><c>expired</c>, <c>breached</c> or <c>administrator</c>.</param>
internal sealed record NewPasswordData(string Name, string Reason);

public sealed record NewPasswordModel(InteractionId Interaction, string Name, PasswordChangeReason Reason, string? Problem);
