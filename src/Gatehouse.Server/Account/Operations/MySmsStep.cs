using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>
/// My second step by text message. A code shows first that the number still answers: one that was proved long ago, or that an administrator
/// vouched for, would shut me out.
/// </summary>
internal sealed class MySmsStep(IDatabase database, UserDirectory users, PhoneProofs proofs, SmsAuthenticator sms, SecondFactors factors, RecoveryCodes recovery,
    RateLimit limits, Mailer mailer, AuditLog audit)
{
    /// <returns>Null when a code is on its way, as far as anybody is told; 404 <c>phone_not_found</c>, also for an unproved one; 422 <c>phone_country_closed</c>; 429 <c>phones_too_often</c>.</returns>
    internal async ValueTask<Problem?> SendAsync(Own me, PhoneId id, CancellationToken ct)
    {
        if (NumberOf(me, id) is not { } number) return MyPhones.NotFound;
        if (!MyPhones.IsOpen(me.Tenant, number)) return MyPhones.CountryClosed;
        await using (var tx = await database.BeginAsync(me.Tenant.Id, ct))
        {
            if (await MyPhones.CountAsync(tx, limits, me, ct) is { } tooOften) return tooOften;
            await tx.CommitAsync(ct);
        }
        await MyPhones.SendAsync(database, proofs, audit, me, me.Visitor.User, number, ct);
        return null;
    }

    /// <summary>Whether a code was sent to this number from this session, and could still be typed.</summary>
    internal async ValueTask<bool> IsSentAsync(Own me, PhoneId id, CancellationToken ct)
    {
        if (NumberOf(me, id) is not { } number) return false;
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await proofs.FindSentAsync(tx, me.Id, me.Visitor.Session.Id, number, ct) is not null;
    }

    /// <summary>The number the codes go to; null: none.</summary>
    internal async ValueTask<UserPhone?> FindPhoneAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await sms.FindPhoneAsync(tx, me.Visitor.User, ct);
    }

    /// <summary>From now on codes go to this number, in place of any other.</summary>
    /// <param name="then">In the same transaction.</param>
    /// <returns>Recovery codes, told now and never again; none where she has some left. 404 <c>phone_not_found</c>; 412 <c>version_mismatch</c>; 422 <c>code_wrong</c>.</returns>
    internal async ValueTask<Result<IReadOnlyList<string>, Problem>> EnableAsync(Own me, PhoneId id, string? typed, Func<TenantTransaction, ValueTask> then, CancellationToken ct)
    {
        if (NumberOf(me, id) is not { } number) return MyPhones.NotFound;
        string[] codes = [];
        var enabled = false;
        var problem = await proofs.ConfirmAsync(me.Tenant, me.Visitor.User, me.Visitor.Session.Id, number, typed ?? "", me.Device, me.Request, async tx =>
        {
            // Removed meanwhile, the number has just become hers again under another name; what was chosen was the old one.
            var phone = (await users.FindAsync(tx, me.Id, ct))?.Phones.FirstOrDefault(p => p.Number == number.Value);
            enabled = phone is not null && await sms.TryEnableAsync(tx, me.Id, phone.Id, ct);
            if (!enabled) return;
            if (!(await factors.DescribeAsync(tx, me.Id, ct)).Any(s => s is { Name: RecoveryCodes.AuthenticatorName, Left: > 0 })) codes = [.. await recovery.RenewAsync(tx, me.Id, ct)];
            await audit.AppendAsync(tx, me.Entry("second_step.added") with { Details = Method }, ct);
            await TwoStepNotice.QueueAsync(tx, mailer, me.Tenant, me.Visitor.User, TwoStepNotice.Added, me.Language, ct);
            await then(tx);
        }, ct);
        return problem is not null ? problem : enabled ? codes : MyPhones.NotFound;
    }

    /// <summary>Without it; where nothing else is left, the recovery codes go too: what stands in for nothing would be a second password.</summary>
    /// <returns>Null when it is done; 404 <c>two_step_off</c>; 409 <c>two_step_required</c>.</returns>
    internal async ValueTask<Problem?> RemoveAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await sms.DescribeAsync(tx, me.Id, ct) is null) return MyTwoStep.Off;
        await sms.RemoveAsync(tx, me.Id, ct);
        if (!await factors.HasAsync(tx, me.Id, ct))
        {
            if (MyTwoStep.IsRequired(me.Tenant)) return MyTwoStep.Required;
            await factors.RemoveAsync(tx, me.Id, ct);
        }
        await audit.AppendAsync(tx, me.Entry("second_step.removed") with { Details = Method }, ct);
        await TwoStepNotice.QueueAsync(tx, mailer, me.Tenant, me.Visitor.User, TwoStepNotice.Removed, me.Language, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    private static PhoneNumber? NumberOf(Own me, PhoneId id) => me.Visitor.User.Phones.FirstOrDefault(p => p.Id == id && p.Verified) is { } phone ? PhoneNumber.Parse(phone.Number) : null;

    private static Dictionary<string, string> Method => new() { ["method"] = SmsAuthenticator.AuthenticatorName };
}
