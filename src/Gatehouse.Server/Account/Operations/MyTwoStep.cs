using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;

namespace Gatehouse.Account;

/// <summary>My second step: what I have for it, new recovery codes, and doing without where the tenant lets me.</summary>
internal sealed class MyTwoStep(IDatabase database, SecondFactors factors, RecoveryCodes recovery, EventOutbox events, Mailer mailer, AuditLog audit)
{
    internal static bool IsRequired(TenantContext tenant) => tenant.Settings.SignIn.SecondFactor == SignInSettings.Required;

    internal async ValueTask<IReadOnlyList<AuthenticatorState>> DescribeAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await factors.DescribeAsync(tx, me.Id, ct);
    }

    /// <returns>Null when it is done; 404 <c>two_step_off</c>; 409 <c>two_step_required</c>.</returns>
    internal async ValueTask<Problem?> RemoveAsync(Own me, CancellationToken ct)
    {
        if (IsRequired(me.Tenant)) return Required;
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if ((await factors.DescribeAsync(tx, me.Id, ct)).Count == 0) return Off;
        await factors.RemoveAsync(tx, me.Id, ct);
        await audit.AppendAsync(tx, me.Entry("second_step.removed"), ct);
        await TwoStepNotice.QueueAsync(tx, mailer, me.Tenant, me.Visitor.User, TwoStepNotice.Removed, me.Language, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    /// <summary>New recovery codes in place of the old; told now and never again.</summary>
    /// <returns>The codes; 404 <c>two_step_off</c>: codes that stand in for nothing would be a second password.</returns>
    internal async ValueTask<Result<IReadOnlyList<string>, Problem>> RenewCodesAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await factors.HasAsync(tx, me.Id, ct)) return Off;
        string[] codes = [.. await recovery.RenewAsync(tx, me.Id, ct)];
        // Who makes new ones fears for the old: no browser stands in for her second step any more.
        await events.PublishAsync(tx, new SecondFactorChanged(me.Id), ct);
        await audit.AppendAsync(tx, me.Entry("recovery_codes.renewed"), ct);
        await tx.CommitAsync(ct);
        return codes;
    }

    internal static Problem Required { get; } = Problem.Conflict("two_step_required", "This service does not let you sign in without a second step.");

    internal static Problem Off { get; } = Problem.NotFound("two_step_off", "Your sign-in has no second step.");
}
