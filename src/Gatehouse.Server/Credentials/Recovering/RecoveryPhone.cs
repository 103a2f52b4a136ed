using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials.Recovering;

/// <summary>
/// A code by text message as the proof beside the mailbox, to a verified number that is not her second step's: that one would not be lost.
/// </summary>
public sealed class RecoveryPhone(SmsAuthenticator sms, OneTimeCodes codes, Texter texter)
{
    /// <summary>The number it goes to; null: she has none that would do.</summary>
    public async ValueTask<PhoneNumber?> FindAsync(TenantTransaction tx, TenantContext tenant, User user, CancellationToken ct)
    {
        var second = await sms.FindPhoneIdAsync(tx, user.Id, ct);
        foreach (var phone in user.Phones.Where(p => p.Verified && p.Id != second).OrderByDescending(p => p.Primary))
            if (PhoneNumber.Parse(phone.Number) is { } number && tenant.Settings.Sms.AllowedCountries.Contains(number.Country, StringComparer.Ordinal)) return number;
        return null;
    }

    /// <summary>Sends a code, good where it was asked for only. The caller commits, unless it is false.</summary>
    /// <param name="run">Where the code will be typed.</param>
    public async ValueTask<bool> SendAsync(TenantTransaction tx, TenantContext tenant, User user, Guid run, string locale, RequestFacts request, CancellationToken ct) =>
        await FindAsync(tx, tenant, user, ct) is { } number
        && await codes.IssueAsync(tx, tenant, Binding(user.Id, run, number), user.Id, null, ct) is { } issued
        && await texter.QueueAsync(tx, tenant, new Sms(number, "recovery_code", user.Locale ?? locale, issued.Code, issued.Lifetime, RateLimit.SiteKey(request.IpAddress)) { Proved = true }, ct);

    /// <summary>Whether one was sent that can still be typed.</summary>
    public async ValueTask<bool> WasSentAsync(TenantTransaction tx, TenantContext tenant, User user, Guid run, CancellationToken ct) =>
        await FindAsync(tx, tenant, user, ct) is { } number && await codes.FindAsync(tx, Binding(user.Id, run, number), ct) is not null;

    /// <summary>Counts a try before it is made.</summary>
    public ValueTask<CodeAttempt?> BeginAsync(TenantContext tenant, UserId user, Guid run, PhoneNumber number, byte[]? device, RequestFacts request, CancellationToken ct) =>
        codes.BeginAttemptAsync(tenant, Binding(user, run, number), user, device, request, ct);

    /// <summary>Uses up a right code, if its number still is hers and free.</summary>
    public async ValueTask<bool> RedeemAsync(TenantTransaction tx, TenantContext tenant, User user, CodeAttempt attempt, PhoneNumber number, string typed, CancellationToken ct) =>
        await codes.RedeemAsync(tx, attempt, typed, ct) == user.Id && await FindAsync(tx, tenant, user, ct) is { } now && now == number;

    private static CodeBinding Binding(UserId user, Guid run, PhoneNumber number) => new(CodePurpose.SmsRecovery, run, $"{user}:{number}");
}
