using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Protocols.Otp;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn;

/// <summary>
/// Where a second step is required and the person has none, she sets one up here, before there is a session. Never in place of one she
/// has: the password alone must not be enough for that.
/// </summary>
internal sealed class EnrolStep(IDatabase database, HalfWays halfWays, TotpAuthenticator totp, RecoveryCodes recovery, Advance advance,
    SignInMetrics metrics, Mailer mailer, AuditLog audit, TimeProvider clock) : IStep
{
    internal const string PagePath = "/signin/enrol", ImagePath = "/signin/enrol/qr.svg", StepName = "enrol_totp";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [new("code", "code", 64)];

    public async ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) =>
        !(await FindAsync(run, ct)).TryGet(out var halfWay, out var elsewhere) ? elsewhere : await AskAsync(halfWay, null, ct);

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        if (!(await FindAsync(run, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        if (input["code"].Length == 0) return await AskAsync(halfWay, "code_missing", ct);
        var user = halfWay.User;
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            if (!await halfWays.SpendAsync(tx, halfWay, ct)) return new StepOutcome.Next(Name);
            if (await totp.ConfirmAsync(tx, user.Id, run.Binding, input["code"], replace: false, ct))
            {
                var codes = await recovery.RenewAsync(tx, user.Id, ct);
                await audit.AppendAsync(tx, new AuditEntry("second_step.added", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), run.Request,
                    new Dictionary<string, string> { ["method"] = totp.Name }), ct);
                await TwoStepNotice.QueueAsync(tx, mailer, run.Tenant, user, TwoStepNotice.Added, run.Locale, ct);
                var outcome = await advance.AfterAsync(tx, halfWay, totp.Methods, codes, ct);
                if (outcome is StepOutcome.Done) metrics.Succeeded();
                return outcome;
            }
        }
        return await AskAsync(halfWay, "code_wrong", ct);
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (EnrolData)view.Data!;
        return PageResult.Of<EnrolPage, EnrolModel>(new(run.Interaction.Id, data.Name, KeyText.Grouped(data.Key), view.Problem), SignInRun.Options(run.Interaction, view.Status));
    }

    /// <summary>The picture of the key under way; null where there is none.</summary>
    internal async ValueTask<IResult?> ImageAsync(Run run, CancellationToken ct)
    {
        if (!(await FindAsync(run, ct)).TryGet(out var halfWay, out _)) return null;
        await using var tx = await database.ReadAsync(run.Tenant.Id, ct);
        return await totp.FindPendingAsync(tx, halfWay.User.Id, run.Binding, ct) is { } key ? QrImage.Of(OtpAuthUri.Of(run.Tenant.DisplayName, halfWay.Name, key)) : null;
    }

    private async ValueTask<Result<HalfWay, StepOutcome>> FindAsync(Run run, CancellationToken ct)
    {
        if (!(await halfWays.FindAsync(run, Name, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        // Whoever merely holds an old session sets nothing up by it: here as in the account, that takes a proof of now.
        var since = clock.Now().AddSeconds(-FreshProof.MaxAgeSeconds);
        return halfWay.Proved.Proofs.All(p => p.Session is not null && p.At < since) ? new StepOutcome.Next(IdentifierStep.StepName) : halfWay;
    }

    private async ValueTask<StepOutcome> AskAsync(HalfWay halfWay, string? problem, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(halfWay.Run.Tenant.Id, ct);
        var key = await totp.EnrolAsync(tx, halfWay.User.Id, halfWay.Run.Binding, ct);
        await tx.CommitAsync(ct);
        return new StepOutcome.Ask(new(Name, problem, new EnrolData(halfWay.Name, KeyText.Encode(key), OtpAuthUri.Of(halfWay.Run.Tenant.DisplayName, halfWay.Name, key))));
    }
}

/// <param name="Key">Base32, as applications take it when typed.</param>
/// <param name="Uri">The <c>otpauth</c> URI that the QR code holds.</param>
internal sealed record EnrolData(string Name, string Key, string Uri);

public sealed record EnrolModel(InteractionId Interaction, string Name, string Key, string? Problem);

/// <param name="Onward">Where the sign-in leads.</param>
public sealed record EnrolledModel(IReadOnlyList<string> Codes, string Onward);
