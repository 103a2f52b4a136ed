using System.Security.Cryptography;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Otp;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Credentials;

/// <summary>
/// Codes from an application on the person's telephone (RFC 6238): SHA-1, six digits, thirty seconds, which every application computes.
/// One step of drift each way; a step is accepted once. Keys are sealed by the tenant's vault.
/// </summary>
public sealed class TotpAuthenticator(TenantVault vault, EventOutbox events, TimeProvider clock) : IAuthenticator
{
    /// <summary>How long a key that was shown waits to be confirmed.</summary>
    public static readonly TimeSpan EnrolmentLifetime = TimeSpan.FromMinutes(15);

    /// <summary>How it is called in addresses and in the audit.</summary>
    public const string AuthenticatorName = "totp";

    public string Name => AuthenticatorName;
    public IReadOnlyList<string> Methods { get; } = ["otp"];
    public bool IsFactor => true;

    /// <summary>The key this browser is being shown for this user: the one under way, or a new one. It proves nothing until it is confirmed.</summary>
    /// <param name="browser">Hash of the device cookie.</param>
    public async ValueTask<byte[]> EnrolAsync(TenantTransaction tx, UserId user, byte[] browser, CancellationToken ct)
    {
        var now = clock.Now();
        if (await FindPendingAsync(tx, user, browser, ct) is { } pending) return pending;
        var made = await vault.SealAsync(tx, Pending(user), Totp.NewKey(), ct);
        await TotpStore.AddPendingAsync(tx, user, browser, made, now + EnrolmentLifetime, now, ct);
        // What is stored now, should another tab have been faster.
        return await FindPendingAsync(tx, user, browser, ct) ?? throw new InvalidOperationException("An enrolment that was just stored is there.");
    }

    /// <summary>The key under way in this browser; null when there is none or it ran out.</summary>
    public async ValueTask<byte[]?> FindPendingAsync(TenantTransaction tx, UserId user, byte[] browser, CancellationToken ct) =>
        await TotpStore.FindPendingAsync(tx, user, browser, clock.Now(), ct) is { } stored ? await vault.OpenAsync(tx, Pending(user), stored, ct) : null;

    /// <summary>Makes the key under way hers, when the code shows that her application has it. That code is used up.</summary>
    /// <param name="replace">Whether it may take the place of one she has; else that one stays and this is false.</param>
    public async ValueTask<bool> ConfirmAsync(TenantTransaction tx, UserId user, byte[] browser, string code, bool replace, CancellationToken ct)
    {
        var now = clock.Now();
        if (await TotpStore.FindPendingAsync(tx, user, browser, now, ct) is not { } stored) return false;
        var key = await vault.OpenAsync(tx, Pending(user), stored, ct);
        if (Totp.Match(key, CodeText.Plain(code), now) is not { } step) return false;
        if (!await TotpStore.TakePendingAsync(tx, user, browser, stored, now, ct)) return false;
        if (replace) await TotpStore.DeleteAsync(tx, user, ct);
        if (!await TotpStore.TryAddAsync(tx, user, await vault.SealAsync(tx, Place(user), key, ct), step, now, ct)) return false;
        await events.PublishAsync(tx, new SecondFactorChanged(user), ct);
        return true;
    }

    public async ValueTask<AuthenticatorState?> DescribeAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await TotpStore.FindAsync(tx, user, ct) is { } secret ? new(Name, secret.CreatedAt, secret.LastUsedAt, null) : null;

    public async ValueTask<bool> VerifyAsync(TenantTransaction tx, UserId user, string answer, CancellationToken ct)
    {
        if (await TotpStore.FindAsync(tx, user, ct) is not { } secret) return false;
        var key = await vault.OpenAsync(tx, Place(user), secret.Sealed, ct);
        var now = clock.Now();
        var step = Totp.Match(key, CodeText.Plain(answer), now);
        CryptographicOperations.ZeroMemory(key);
        return step is { } matched && await TotpStore.AcceptAsync(tx, user, secret.Sealed, matched, now, ct);
    }

    public async ValueTask RemoveAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await TotpStore.DeleteAsync(tx, user, ct);
        await TotpStore.DeletePendingAsync(tx, user, ct);
    }

    private static SealedAt Place(UserId user) => new("totp_secrets", "secret", user.ToString());
    private static SealedAt Pending(UserId user) => new("totp_enrolments", "secret", user.ToString());
}
