using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>
/// Codes by text message to a number she has proved, for who chose that. Weaker than a code application, for numbers can be taken over
/// (NIST SP 800-63B-4 calls it restricted), and still far better than a password alone.
/// </summary>
public sealed class SmsAuthenticator(OneTimeCodes codes, Texter texter, UserDirectory users, EventOutbox events, TimeProvider clock) : IAuthenticator
{
    /// <summary>How it is called in addresses and in the audit.</summary>
    public const string AuthenticatorName = "sms";

    public string Name => AuthenticatorName;
    public IReadOnlyList<string> Methods { get; } = ["sms"];
    public bool IsFactor => true;
    public string Counters => "second_sms";

    /// <summary>Has the codes of her second step sent to one of her numbers from now on, in place of any other.</summary>
    /// <returns>False when it is not hers, or unproved.</returns>
    public async ValueTask<bool> TryEnableAsync(TenantTransaction tx, UserId user, PhoneId phone, CancellationToken ct)
    {
        if (await users.FindAsync(tx, user, ct) is not { } person || !person.Phones.Any(p => p.Id == phone && p.Verified)) return false;
        await SmsFactorStore.SetAsync(tx, user, phone, clock.Now(), ct);
        await events.PublishAsync(tx, new SecondFactorChanged(user), ct);
        return true;
    }

    /// <summary>The number the codes go to; null: she has not chosen this.</summary>
    public async ValueTask<UserPhone?> FindPhoneAsync(TenantTransaction tx, User user, CancellationToken ct) =>
        await SmsFactorStore.FindAsync(tx, user.Id, ct) is { } factor ? user.Phones.FirstOrDefault(p => p.Id == factor.Phone && p.Verified) : null;

    /// <summary>The same by its id, and whether or not it is still hers: for who must not take it for anything else. Null: she has not chosen this.</summary>
    public async ValueTask<PhoneId?> FindPhoneIdAsync(TenantTransaction tx, UserId user, CancellationToken ct) => (await SmsFactorStore.FindAsync(tx, user, ct))?.Phone;

    /// <summary>Sends a code that is good in this run only. The caller commits, unless it is false.</summary>
    /// <returns>False: too soon, too often, a limit is reached, or there is no number; answer as if it had been sent.</returns>
    public async ValueTask<bool> SendAsync(TenantTransaction tx, TenantContext tenant, User user, Guid run, string locale, RequestFacts request, CancellationToken ct)
    {
        if (await FindPhoneAsync(tx, user, ct) is not { } phone || PhoneNumber.Parse(phone.Number) is not { } number) return false;
        if (await codes.IssueAsync(tx, tenant, Binding(user.Id, run), user.Id, null, ct) is not { } issued) return false;
        return await texter.QueueAsync(tx, tenant, new(number, "sign_in_code", user.Locale ?? locale, issued.Code, issued.Lifetime, RateLimit.SiteKey(request.IpAddress)) { Proved = true }, ct);
    }

    /// <summary>What was sent in this run, if anything was.</summary>
    public ValueTask<CodeState?> FindSentAsync(TenantTransaction tx, UserId user, Guid run, CancellationToken ct) => codes.FindAsync(tx, Binding(user, run), ct);

    public async ValueTask<AuthenticatorState?> DescribeAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await SmsFactorStore.FindAsync(tx, user, ct) is { } factor ? new(Name, factor.CreatedAt, factor.LastUsedAt, null) : null;

    /// <summary>A code is of one run: without that, none is right.</summary>
    public ValueTask<bool> VerifyAsync(TenantTransaction tx, UserId user, string answer, CancellationToken ct) => ValueTask.FromResult(false);

    public ValueTask<bool> BeginAsync(TenantTransaction tx, UserId user, Guid run, CancellationToken ct) => codes.TryCountAsync(tx, Binding(user, run), ct);

    public async ValueTask<bool> VerifyAsync(TenantTransaction tx, UserId user, string answer, Guid run, CancellationToken ct) =>
        await codes.RedeemAsync(tx, Binding(user, run), user, answer, ct) && await SmsFactorStore.UsedAsync(tx, user, clock.Now(), ct);

    public ValueTask RemoveAsync(TenantTransaction tx, UserId user, CancellationToken ct) => SmsFactorStore.DeleteAsync(tx, user, ct);

    private static CodeBinding Binding(UserId user, Guid run) => new(CodePurpose.SmsSecondStep, run, user.ToString());
}

/// <summary>The number that her second step's codes go to stays: else whoever removes it has removed the step, unseen.</summary>
internal sealed class SmsPhoneGuard : IPhoneGuard
{
    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, PhoneId phone, CancellationToken ct) =>
        await SmsFactorStore.FindAsync(tx, user, ct) is { } factor && factor.Phone == phone
            ? Problem.Conflict("phone_in_use", "The codes of this user's second step go to that number. Remove the second step first.")
            : null;
}
