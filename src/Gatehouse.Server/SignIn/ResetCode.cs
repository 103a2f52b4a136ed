using System.Security.Cryptography;
using System.Text;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>Whose password a code by text message is to reset, as it was asked: by a number, or by an address whose account has one.</summary>
/// <param name="Subject">What the code is bound to: the same whether or not there is anybody.</param>
/// <param name="User">Null: nobody, or nobody whom it may be sent to.</param>
internal sealed record ResetTarget(string Subject, User? User, PhoneId Phone, PhoneNumber Number);

/// <summary>
/// A code by text message in place of the link by mail, where <c>sign_in.reset_by_sms</c> allows it. A right code is worth what the link is, a new password and no
/// session: a second step that she has is asked for afterwards. The number that receives the codes of that step never resets the
/// password too, or one telephone would be both. Known and unknown numbers and addresses get one answer after one amount of work.
/// </summary>
internal sealed class ResetCode(IDatabase database, UserDirectory users, SmsAuthenticator sms, OneTimeCodes codes, OneTimeLinks links, Texter texter, Refusals refusals, AuditLog audit)
{
    /// <summary>How long she may take for choosing the password, once the code was right.</summary>
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(10);

    internal static bool IsOffered(TenantContext tenant) => tenant.Settings.SignIn.ResetBySms && tenant.Settings.Sms.AllowedCountries.Count > 0;

    /// <summary>Whom it is about, from what was typed; null where that is neither an address nor a number.</summary>
    internal async ValueTask<ResetTarget?> FindAsync(TenantTransaction tx, TenantContext tenant, string? identifier, CancellationToken ct)
    {
        if (PhoneNumber.Parse(identifier, tenant.Settings.Sms.DefaultCountry) is { } number)
        {
            var owner = await users.FindByPhoneAsync(tx, number, ct);
            var own = await FreeAsync(tx, owner, p => p.Number == number.Value, ct);
            return new(number.Value, own is null ? null : owner, own?.Id ?? default, number);
        }
        if (!EmailAddress.Parse(identifier).TryGet(out var address, out _)) return null;
        var user = await users.FindByEmailAsync(tx, address, ct);
        var hers = await FreeAsync(tx, user, _ => true, ct);
        // Nobody has a number too, always the same: so that there is a message to be dropped.
        var to = hers is null ? StandIn(tenant, address) : PhoneNumber.Parse(hers.Number);
        return to is null ? null : new(address.Normalized, hers is null ? null : user, hers?.Id ?? default, to.Value);
    }

    /// <summary>Sends a code, good in this run only. Limits of what is sent do not show.</summary>
    internal async ValueTask SendAsync(TenantContext tenant, InteractionId run, string identifier, string locale, RequestFacts request, CancellationToken ct)
    {
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (await FindAsync(tx, tenant, identifier, ct) is not { } target) return;
            var (user, known) = (target.User, target.User is not null);
            if (await codes.IssueAsync(tx, tenant, Binding(run, target), user?.Id, null, ct) is { } issued
                && await texter.QueueAsync(tx, tenant, new Sms(target.Number, "reset_code", user?.Locale ?? locale, issued.Code, issued.Lifetime, RateLimit.SiteKey(request.IpAddress), ForNobody: !known), ct))
            {
                await audit.AppendAsync(tx, Requested(user?.Id, known ? "code_sent" : "unknown_user", known ? AuditOutcome.Success : AuditOutcome.Denied, request), ct);
                await tx.CommitAsync(ct);
                return;
            }
        }
        await using var refused = await database.BeginAsync(tenant.Id, ct);
        await audit.AppendAsync(refused, Requested(null, "text_limit", AuditOutcome.Denied, request), ct);
        await refused.CommitAsync(ct);
    }

    /// <summary>Uses up a right code and gives the token of a link to set the password with, in place of older links.</summary>
    /// <returns>Null for a wrong one, also after too many.</returns>
    internal async ValueTask<string?> RedeemAsync(TenantContext tenant, Interaction run, string typed, byte[]? device, RequestFacts request, CancellationToken ct)
    {
        ResetTarget? target;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) target = await FindAsync(read, tenant, run.Identifier, ct);
        if (target is null) return null;
        var reason = "throttled";
        if (await codes.BeginAttemptAsync(tenant, Binding(run.Id, target), target.User?.Id, device, request, ct) is { } attempt)
        {
            await using var tx = await database.BeginAsync(tenant.Id, ct);
            // She before the code, as disabling her does it.
            var active = await users.HoldActiveAsync(tx, target.User?.Id ?? default, ct);
            reason = await codes.RedeemAsync(tx, attempt, typed, ct) is not { } proved || proved != target.User?.Id ? "wrong_code"
                // The number may have gone to somebody else meanwhile, or become her second step.
                : await FindAsync(tx, tenant, run.Identifier, ct) is not { User.Id: var now } again || now != proved || again.Phone != target.Phone ? "number_changed"
                : active ? "" : "user_disabled";
            if (reason.Length == 0)
            {
                var user = target.User!.Id;
                var token = await links.IssueAsync(tx, LinkPurpose.ResetPassword, user, null, new ResetOrigin(run.Id.ToString(), target.Phone).ToString(), LinkLifetime, ct);
                await links.VoidOthersAsync(tx, LinkPurpose.ResetPassword, user, token, ct);
                await audit.AppendAsync(tx, Proved(user, AuditOutcome.Success, "", request), ct);
                await tx.CommitAsync(ct);
                return token;
            }
        }
        await using var refused = await database.BeginAsync(tenant.Id, ct);
        await refusals.RecordAsync(refused, Proved(target.User?.Id, AuditOutcome.Failure, reason, request), reason == "throttled", ct);
        await refused.CommitAsync(ct);
        return null;
    }

    /// <summary>Whether this number of hers still may: asked again when the password is set.</summary>
    internal async ValueTask<bool> MayAsync(TenantTransaction tx, TenantContext tenant, User user, PhoneId phone, CancellationToken ct) =>
        IsOffered(tenant) && await FreeAsync(tx, user, p => p.Id == phone, ct) is not null;

    /// <summary>A verified number of hers that is not her second step's; the primary one first.</summary>
    private async ValueTask<UserPhone?> FreeAsync(TenantTransaction tx, User? user, Func<UserPhone, bool> which, CancellationToken ct)
    {
        // Asked for nobody as well.
        var second = await sms.FindPhoneIdAsync(tx, user?.Id ?? default, ct);
        return user is { Status: UserStatus.Active } ? user.Phones.Where(p => p.Verified && p.Id != second && which(p)).OrderByDescending(p => p.Primary).FirstOrDefault() : null;
    }

    private static PhoneNumber? StandIn(TenantContext tenant, EmailAddress address)
    {
        var countries = tenant.Settings.Sms.AllowedCountries;
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes(address.Normalized));
        return countries.Count == 0 ? null : PhoneNumber.StandIn(countries[seed[31] % countries.Count], seed);
    }

    private static CodeBinding Binding(InteractionId run, ResetTarget target) => new(CodePurpose.SmsReset, run.Value, target.Subject);

    private static AuditEntry Requested(UserId? user, string result, AuditOutcome outcome, RequestFacts request) =>
        new("password.reset_requested", outcome, AuditActor.Anonymous, user is null ? null : "user", user?.ToString(), request, new Dictionary<string, string> { ["method"] = "sms", ["result"] = result });

    private static AuditEntry Proved(UserId? user, AuditOutcome outcome, string reason, RequestFacts request)
    {
        Dictionary<string, string> details = new() { ["method"] = "sms" };
        if (reason.Length > 0) details["reason"] = reason;
        return new("password.reset_proved", outcome, AuditActor.Anonymous, user is null ? null : "user", user?.ToString(), request, details);
    }
}

/// <summary>What a link to reset the password remembers.</summary>
/// <param name="Run">The sign-in under way when it was asked for; empty for none.</param>
/// <param name="Phone">The number whose code it was given for; null: it came by mail.</param>
internal sealed record ResetOrigin(string Run, PhoneId? Phone)
{
    internal static ResetOrigin Parse(string payload) =>
        payload.Split(' ') is [var run, var phone] && PhoneId.TryParse(phone, out var id) ? new(run, id) : new(payload, null);

    public override string ToString() => Phone is { } phone ? $"{Run} {phone}" : Run;
}
