using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Credentials;

/// <summary>What a code is good for. A code of one purpose is none of another.</summary>
public enum CodePurpose { EmailSignIn, SmsSignIn, SmsSecondStep, VerifyPhone, SmsReset, SmsRecovery, SignUp }

/// <summary>Which code is meant.</summary>
/// <param name="Run">The sign-in, session or browser that asked for it: it is good there and nowhere else.</param>
/// <param name="Subject">Whom it was asked for, as it was asked: an address, a number, a user's id. Who need not exist.</param>
public readonly record struct CodeBinding(CodePurpose Purpose, Guid Run, string Subject);

/// <summary>A code to be sent.</summary>
/// <param name="Token">The secret of a link to go with it, <c>gh_ln_…</c>; good for nothing where no browser was named.</param>
public sealed record IssuedCode(string Code, string Token, TimeSpan Lifetime);

/// <summary>What is known of a code that was sent.</summary>
/// <param name="AgainAt">When another may be asked for; null: not in this run.</param>
public sealed record CodeState(DateTimeOffset SentAt, DateTimeOffset? AgainAt);

/// <summary>
/// Short codes that are sent and typed, and links that go with them. A code is bound to purpose, run and subject, lives ten minutes at most, has
/// five tries, and is voided by the next; guesses are counted for whom it is and whence they come, apart from those of passwords and
/// code applications. The same work is done, and the same rows are written, for people who do not exist.
/// </summary>
public sealed class OneTimeCodes(IDatabase database, TenantVault vault, TimeProvider clock)
{
    /// <summary>Wrong answers that one code survives, less one.</summary>
    public const int MaxTries = 5;

    /// <summary>How often one run may have a code sent to one subject.</summary>
    public const int MaxSent = 5;

    /// <summary>How long one waits before the next.</summary>
    public static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(30);

    private const int WindowsPerDay = 5;
    private static readonly TimeSpan window = TimeSpan.FromMinutes(10), day = TimeSpan.FromDays(1);

    /// <summary>Makes a code in place of the one before.</summary>
    /// <param name="user">Null: it is for nobody, and nothing typed will be right.</param>
    /// <param name="browser">Hash of the device cookie in which the link may be used; null: there is no link.</param>
    /// <returns>Null when the one before is too young or this run has had its share: nothing was written; answer as if it had been sent.</returns>
    public async ValueTask<IssuedCode?> IssueAsync(TenantTransaction tx, TenantContext tenant, CodeBinding binding, UserId? user, byte[]? browser, CancellationToken ct)
    {
        var key = await KeyAsync(tx, ct);
        var token = Secret.New(Secret.LinkPrefix);
        // From the link's own secret, so that the page behind the link can show the code, and nothing has to be kept for that.
        var code = CodeOf(key, token, tenant.Settings.SignIn.CodeDigits);
        var (now, lifetime) = (clock.Now(), TimeSpan.FromSeconds(tenant.Settings.SignIn.CodeSeconds));
        return await OneTimeCodeStore.TryIssueAsync(tx, KeyOf(binding), Hash(key, binding, code), browser is null ? null : Secret.Hash(token), browser, user,
            now, now + lifetime, now - CoolDown, MaxSent, ct)
            ? new(code, token, lifetime)
            : null;
    }

    /// <summary>Counts a message that a limit kept back as if it had been sent, and leaves the code before it good. False when there is none.</summary>
    public ValueTask<bool> PostponeAsync(TenantTransaction tx, CodeBinding binding, CancellationToken ct) => OneTimeCodeStore.PostponeAsync(tx, KeyOf(binding), clock.Now(), ct);

    /// <summary>Whether one was sent that could still be typed, be there somebody or nobody.</summary>
    public async ValueTask<CodeState?> FindAsync(TenantTransaction tx, CodeBinding binding, CancellationToken ct) =>
        await OneTimeCodeStore.FindAsync(tx, KeyOf(binding), clock.Now(), ct) is { } sent
            ? new(sent.SentAt, sent.Sent < MaxSent ? sent.SentAt + CoolDown : null)
            : null;

    /// <summary>
    /// Counts a try before it is made, in a transaction of its own: at the code, for its subject, for the network. A right one is given back
    /// when it is redeemed.
    /// </summary>
    /// <param name="user">Who it is for, if anybody: then what strangers guess is counted apart from what is typed in a browser of hers.</param>
    /// <returns>Null when there were too many, or no code is there to be guessed; answer as to a wrong one.</returns>
    public async ValueTask<CodeAttempt?> BeginAttemptAsync(TenantContext tenant, CodeBinding binding, UserId? user, byte[]? device, RequestFacts request, CancellationToken ct)
    {
        var (limits, now) = (tenant.Settings.Limits, clock.Now());
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var known = await PasswordStore.IsKnownDeviceAsync(tx, user ?? default, device ?? [], ct);
        // Who registers is counted in her own run, or strangers who guess in theirs would keep her from registering; five tries a code and few codes an hour bound both.
        var who = user is { } somebody ? $"user:{somebody}" : binding.Purpose == CodePurpose.SignUp ? $"nobody:{binding.Run}:{binding.Subject}" : $"nobody:{binding.Subject}";
        var subject = RateLimit.KeyOf(known ? $"{who}:{Convert.ToHexStringLower(device!)}" : who);
        var attempt = new CodeAttempt(binding, [(known ? "code.device" : "code.user", subject), (known ? "code.device_day" : "code.user_day", subject), ("code.ip", RateLimit.KeyOf(RateLimit.SiteKey(request.IpAddress)))]);
        // The code's row before the counters', as redeeming does it: two that lock in different orders would wait for each other for ever.
        var there = await OneTimeCodeStore.TryCountAsync(tx, KeyOf(binding), MaxTries, now, ct);
        int[] most = [limits.FailuresPerUser, limits.FailuresPerUser * WindowsPerDay, limits.FailuresPerIp];
        for (var i = 0; i < most.Length; i++)
        {
            var (bucket, counter) = attempt.Counters[i];
            if (!await RateLimit.TryTakeAsync(tx, bucket, counter, most[i], now, i == 1 ? day : window, ct)) return null;
        }
        await tx.CommitAsync(ct);       // also where there is none: who asks about codes that are not there is guessing
        return there ? attempt : null;
    }

    /// <summary>Uses up the code in the caller's transaction, if this is it: of any number at once, one is right.</summary>
    /// <returns>Whom it was for; null for a wrong one.</returns>
    public async ValueTask<UserId?> RedeemAsync(TenantTransaction tx, CodeAttempt attempt, string typed, CancellationToken ct)
    {
        var key = await KeyAsync(tx, ct);
        if (await OneTimeCodeStore.RedeemAsync(tx, KeyOf(attempt.Binding), Hash(key, attempt.Binding, CodeText.Plain(typed)), clock.Now(), ct) is not { } user) return null;
        foreach (var (bucket, counter) in attempt.Counters) await RateLimit.GiveBackAsync(tx, bucket, counter, ct);
        return user;
    }

    /// <summary>Uses up the code of a user whose guesses are counted elsewhere (<see cref="SecondFactors"/>).</summary>
    internal async ValueTask<bool> RedeemAsync(TenantTransaction tx, CodeBinding binding, UserId user, string typed, CancellationToken ct) =>
        await OneTimeCodeStore.RedeemAsync(tx, KeyOf(binding), Hash(await KeyAsync(tx, ct), binding, CodeText.Plain(typed)), clock.Now(), ct) == user;

    /// <summary>Counts a try at a code whose other counters are kept elsewhere.</summary>
    internal ValueTask<bool> TryCountAsync(TenantTransaction tx, CodeBinding binding, CancellationToken ct) =>
        OneTimeCodeStore.TryCountAsync(tx, KeyOf(binding), MaxTries, clock.Now(), ct);

    internal static ValueTask ForgetAsync(TenantTransaction tx, UserId user, CancellationToken ct) => OneTimeCodeStore.DeleteAllAsync(tx, user, ct);

    internal static string Text(CodePurpose purpose) => purpose switch
    {
        CodePurpose.EmailSignIn => "email_sign_in",
        CodePurpose.SmsSignIn => "sms_sign_in",
        CodePurpose.SmsSecondStep => "sms_second_step",
        CodePurpose.VerifyPhone => "verify_phone",
        CodePurpose.SmsReset => "sms_reset",
        CodePurpose.SmsRecovery => "sms_recovery",
        CodePurpose.SignUp => "sign_up",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    internal ValueTask<byte[]> KeyAsync(TenantTransaction tx, CancellationToken ct) => vault.DeriveKeyAsync(tx, "one_time_codes", ct);

    /// <summary>Decimal digits of a keyed hash of a secret: 64 bits modulo at most a thousand million lean by less than one in ten thousand millions.</summary>
    internal static string CodeOf(byte[] key, string token, int digits)
    {
        var number = BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"digits:{token}")));
        return (number % (ulong)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    private static CodeKey KeyOf(CodeBinding binding) => new(Text(binding.Purpose), binding.Run, SHA256.HashData(Encoding.UTF8.GetBytes(binding.Subject)));

    private static byte[] Hash(byte[] key, CodeBinding binding, string code) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"code:{Text(binding.Purpose)}:{binding.Run:N}:{code}:{binding.Subject}"));
}

/// <summary>A try at a code, counted.</summary>
public sealed class CodeAttempt
{
    internal CodeAttempt(CodeBinding binding, (string Bucket, byte[] Key)[] counters) => (Binding, Counters) = (binding, counters);

    internal CodeBinding Binding { get; }
    internal (string Bucket, byte[] Key)[] Counters { get; }
}
