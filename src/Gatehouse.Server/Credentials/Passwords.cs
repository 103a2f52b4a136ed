using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>Whether a device has signed in as a user before; or no device has.</summary>
public enum DeviceFamiliarity { Known, New, First }

public enum PasswordVerdict { Right, Wrong, Throttled }

/// <summary>Why a password must be replaced at the next sign-in: an administrator wants it, it was found on a list of breached ones, or it is too old.</summary>
public enum PasswordChangeReason { Administrator, Breached, Expired }

/// <summary>Setting and checking passwords; the only room that ever sees one.</summary>
public sealed class Passwords
{
    /// <summary>The window of every failure counter.</summary>
    internal static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(10);

    private const string ByAdministrator = "administrator", Breached = "breached";

    private readonly IDatabase database;
    private readonly PasswordHasher hasher;
    private readonly PasswordRules rules;
    private readonly EventOutbox events;
    private readonly CredentialsMetrics metrics;
    private readonly TimeProvider clock;

    internal Passwords(IDatabase database, PasswordHasher hasher, PasswordRules rules, EventOutbox events, CredentialsMetrics metrics, TimeProvider clock) =>
        (this.database, this.hasher, this.rules, this.events, this.metrics, this.clock) = (database, hasher, rules, events, metrics, clock);

    /// <summary>Whether the tenant's policy accepts it, as far as can be said at once and without knowing whose it is: before other, dearer checks.</summary>
    /// <returns>Null when it does; else <c>password_too_short</c>, <c>password_too_long</c>, <c>password_common</c>, <c>password_too_simple</c>, <c>password_invalid</c>.</returns>
    public Problem? CheckPolicy(TenantContext tenant, string password, string? email) => rules.CheckPolicy(tenant, password, email);

    /// <summary>
    /// Checks a new password (policy, lists of breached ones) and hashes it, outside any transaction: it takes milliseconds, or a service's
    /// answer, and waits its turn at the gate.
    /// </summary>
    /// <returns>
    /// A PHC string for <see cref="SetAsync(TenantTransaction, UserId, string, CancellationToken)"/>; or what <see cref="CheckPolicy"/> has against it,
    /// <c>password_breached</c>, 503 <c>breach_check_unavailable</c>, or 503 <c>busy</c> when too many already wait.
    /// </returns>
    public async ValueTask<Result<string, Problem>> HashNewAsync(TenantContext tenant, string password, string? email, CancellationToken ct) =>
        await rules.CheckAsync(tenant, null, password, email, ct) is { } refused ? refused : await HashAsync(password, ct);

    /// <summary>
    /// As above, for one who chooses it herself in place of another. It is compared with the present one, or an old one would become new by being
    /// set again, and with as many of her last ones as the tenant says; so she must have proved who she is.
    /// </summary>
    /// <returns>As above; or <c>password_used_before</c>, 429 <c>password_tries_too_many</c>.</returns>
    public async ValueTask<Result<string, Problem>> HashReplacementAsync(TenantContext tenant, UserId user, string password, string? email, CancellationToken ct) =>
        await rules.CheckAsync(tenant, user, password, email, ct) is { } refused ? refused : await HashAsync(password, ct);

    /// <summary>Hashes what the rules have accepted.</summary>
    internal ValueTask<Result<string, Problem>> HashAsync(string password, CancellationToken ct) =>
        hasher.HashAsync(PasswordText.BytesOrDecoy(password, out var possible) is var bytes && possible
            ? bytes : throw new ArgumentException("Only a password that the policy accepted can be hashed.", nameof(password)), ct);

    /// <summary>Sets it and ends every session of the user (<see cref="PasswordChanged"/>).</summary>
    public ValueTask SetAsync(TenantTransaction tx, UserId user, string phc, CancellationToken ct) => SetAsync(tx, user, phc, null, ct);

    /// <summary>Sets it and ends every session of the user but the one in which she did it. Links to reset it are void.</summary>
    public ValueTask SetAsync(TenantTransaction tx, UserId user, string phc, SessionId? keep, CancellationToken ct) => SetAsync(tx, user, phc, keep, mustChange: false, ct);

    /// <param name="mustChange">Somebody else chose it: she chooses another at her next sign-in.</param>
    internal async ValueTask SetAsync(TenantTransaction tx, UserId user, string phc, SessionId? keep, bool mustChange, CancellationToken ct)
    {
        await rules.KeepAsync(tx, user, ct);
        await PasswordStore.SetAsync(tx, user, phc, clock.Now(), ct);
        if (mustChange) await PasswordStore.DemandChangeAsync(tx, user, ByAdministrator, ct);
        await OneTimeLinkStore.DeleteAsync(tx, user, LinkPurpose.ResetPassword, ct);
        await events.PublishAsync(tx, new PasswordChanged(user, keep), ct);
    }

    /// <summary>Sets what was chosen behind a link by mail or a code: until it has stood beside a second step, it says no more of her than the mailbox does.</summary>
    public async ValueTask SetByLinkAsync(TenantTransaction tx, UserId user, string phc, CancellationToken ct)
    {
        await SetAsync(tx, user, phc, ct);
        await PasswordStore.MarkByLinkAsync(tx, user, ct);
    }

    /// <summary>It has stood beside a second step: it is hers, however it was set.</summary>
    public ValueTask ConfirmAsync(TenantTransaction tx, UserId user, CancellationToken ct) => PasswordStore.ForgetByLinkAsync(tx, user, ct);

    /// <summary>Whether the password says more of her than her mailbox does: it was set that long ago at least, and not behind a link.</summary>
    internal async ValueTask<bool> HasOwnAsync(TenantTransaction tx, UserId user, TimeSpan age, CancellationToken ct) =>
        await PasswordStore.FindAgeAsync(tx, user, ct) is { ByLink: false } password && clock.Now() - password.ChangedAt >= age;

    /// <summary>Takes it away: nobody signs in by it again, and all sessions end.</summary>
    internal async ValueTask VoidAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await rules.KeepAsync(tx, user, ct);
        await PasswordStore.VoidAsync(tx, user, ct);
        await events.PublishAsync(tx, new PasswordChanged(user, null), ct);
    }

    /// <summary>The same with every link to set one, whether or not she has one.</summary>
    /// <returns>Whether she had one.</returns>
    public async ValueTask<bool> RemoveAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await OneTimeLinkStore.DeleteAsync(tx, user, LinkPurpose.ResetPassword, ct);
        if (await PasswordStore.ChangedAtAsync(tx, user, ct) is null) return false;
        await VoidAsync(tx, user, ct);
        return true;
    }

    /// <summary>Why she must choose another password before a sign-in by this one goes on; null when she need not, or has none.</summary>
    public async ValueTask<PasswordChangeReason?> ChangeDueAsync(TenantTransaction tx, TenantContext tenant, UserId user, CancellationToken ct)
    {
        if (await PasswordStore.FindAgeAsync(tx, user, ct) is not { } password) return null;
        if (password.MustChange is { } reason) return reason == Breached ? PasswordChangeReason.Breached : PasswordChangeReason.Administrator;
        var days = tenant.Settings.Passwords.MaxAgeDays;
        return days > 0 && clock.Now() - password.ChangedAt >= TimeSpan.FromDays(days) ? PasswordChangeReason.Expired : null;
    }

    /// <summary>When the user's password was last set; null when she has none.</summary>
    public ValueTask<DateTimeOffset?> ChangedAtAsync(TenantTransaction tx, UserId user, CancellationToken ct) => PasswordStore.ChangedAtAsync(tx, user, ct);

    /// <summary>
    /// Whether the password is still the one that was set at that time, and stays it until this transaction ends. A proof takes its time, and
    /// what was set meanwhile has ended every session: what stands on the proof must not begin after that.
    /// </summary>
    public ValueTask<bool> HoldAsync(TenantTransaction tx, UserId user, DateTimeOffset changedAt, CancellationToken ct) => PasswordStore.HoldAsync(tx, user, changedAt, ct);

    /// <summary>
    /// Checks a password with the same work, limits and answer whether or not the user exists (<paramref name="user"/> null). Counts
    /// failures per IP, user and tenant; a device that signed in as this user before has its own, separate allowance, so that nobody
    /// can lock her out of it. Rehashes when parameters have risen. A disabled user's password is never right.
    /// </summary>
    /// <remarks>
    /// Success writes nothing, but that a breached password must change and, once a day, that a service was asked. The counters are
    /// read before the hash (a throttled attempt costs none) and again after a right one, so that of many guesses in flight only those
    /// answered before the limit can have told anything; a wrong one counts by a conditional statement, and finds itself throttled when others
    /// used up the limit first. Too busy to hash is answered as throttled: try later.
    /// </remarks>
    /// <param name="identifier">The normalised address that was typed: the key of the counters where there is no user.</param>
    /// <param name="device">Hash of the browser's device cookie, or null.</param>
    public async ValueTask<PasswordVerdict> VerifyAsync(TenantContext tenant, User? user, string identifier, string password, byte[]? device, RequestFacts request, CancellationToken ct)
    {
        var verdict = await JudgeAsync(tenant, user, identifier, password, device, request, ct);
        if (verdict == PasswordVerdict.Throttled) metrics.Refused("password");
        return verdict;
    }

    private async ValueTask<PasswordVerdict> JudgeAsync(TenantContext tenant, User? user, string identifier, string password, byte[]? device, RequestFacts request, CancellationToken ct)
    {
        var keys = new AttemptKeys(user?.Id, identifier, device, request);
        var facts = await ReadAsync(tenant, user, keys, ct);
        if (IsExhausted(tenant.Settings.Limits, facts)) return PasswordVerdict.Throttled;

        var bytes = PasswordText.BytesOrDecoy(password, out var possible);
        if (await hasher.VerifyAsync(bytes, possible ? facts.Phc : null, ct) is not var (right, outdated)) return PasswordVerdict.Throttled;
        if (!right || user is not { Status: UserStatus.Active }) return await CountFailureAsync(tenant, keys, facts.DeviceKnown, ct);
        if (IsExhausted(tenant.Settings.Limits, await ReadAsync(tenant, user, keys, ct))) return PasswordVerdict.Throttled;
        if (facts.MustChange is null) await LookUpAsync(tenant, user.Id, password, facts, ct);
        if (outdated) await RehashAsync(tenant, user.Id, facts.Phc!, bytes, ct);
        return PasswordVerdict.Right;
    }

    /// <summary>Whether this device has signed in as this user before. Exact while the caller holds her (<see cref="UserDirectory.HoldActiveAsync"/>).</summary>
    public ValueTask<DeviceFamiliarity> FamiliarityAsync(TenantTransaction tx, UserId user, byte[] device, CancellationToken ct) => PasswordStore.FamiliarityAsync(tx, user, device, ct);

    /// <summary>No device has an allowance of its own any more, and the next to sign in, whichever it is, is a new one.</summary>
    internal async ValueTask ForgetDevicesAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await PasswordStore.ForgetDevicesAsync(tx, user, ct);
        // One that nobody has: an account with no device at all is one that was never signed in to.
        await PasswordStore.RememberDeviceAsync(tx, user, System.Security.Cryptography.RandomNumberGenerator.GetBytes(32), clock.Now(), ct);
    }

    /// <summary>Remembers that this device has signed in as this user.</summary>
    public ValueTask RememberDeviceAsync(TenantTransaction tx, UserId user, byte[] device, CancellationToken ct) =>
        PasswordStore.RememberDeviceAsync(tx, user, device, clock.Now(), ct);

    private static bool IsExhausted(LimitSettings limits, PasswordFacts facts) => facts.DeviceKnown
        ? facts.DeviceFailures >= limits.FailuresPerUser
        : facts.UserFailures >= limits.FailuresPerUser || facts.IpFailures >= limits.FailuresPerIp
            // Whoever attacks a tenant from many addresses shuts out those that failed themselves, not everybody.
            || (facts.IpFailures > 0 && facts.TenantFailures >= limits.FailuresPerTenant);

    private async ValueTask<PasswordFacts> ReadAsync(TenantContext tenant, User? user, AttemptKeys keys, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await PasswordStore.FactsAsync(tx, user?.Id ?? default, keys, clock.Now(), ct);
    }

    private async ValueTask<PasswordVerdict> CountFailureAsync(TenantContext tenant, AttemptKeys keys, bool deviceKnown, CancellationToken ct)
    {
        var limits = tenant.Settings.Limits;
        var now = clock.Now();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Always in this order: two attempts that share rows wait for each other and never in a circle.
        var counted = deviceKnown
            ? await RateLimit.TryTakeAsync(tx, PasswordStore.DeviceBucket, keys.DeviceKey, limits.FailuresPerUser, now, FailureWindow, ct)
            : await RateLimit.TryTakeAsync(tx, PasswordStore.UserBucket, keys.UserKey, limits.FailuresPerUser, now, FailureWindow, ct);
        var address = await RateLimit.TryTakeAsync(tx, PasswordStore.IpBucket, keys.IpKey, limits.FailuresPerIp, now, FailureWindow, ct);
        counted &= address | deviceKnown;
        // One address uses up no more of the tenant's allowance than of its own, and a known device none.
        if (address && !deviceKnown) counted &= await RateLimit.TryTakeAsync(tx, PasswordStore.TenantBucket, keys.TenantKey, limits.FailuresPerTenant, now, FailureWindow, ct);
        await tx.CommitAsync(ct);
        return counted ? PasswordVerdict.Wrong : PasswordVerdict.Throttled;
    }

    /// <summary>Writes down that the password just proved is breached, if it is; only over the hash that was proved.</summary>
    private async ValueTask LookUpAsync(TenantContext tenant, UserId user, string password, PasswordFacts facts, CancellationToken ct)
    {
        var now = clock.Now();
        var verdict = await rules.CheckProvedAsync(tenant, password, facts.BreachCheckedAt, now, ct);
        if (verdict == BreachVerdict.Unknown || (verdict == BreachVerdict.Clear && !rules.Remembers(tenant))) return;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (verdict == BreachVerdict.Breached) await PasswordStore.DemandChangeAsync(tx, user, facts.Phc!, Breached, ct);
        else await PasswordStore.RememberLookUpAsync(tx, user, facts.Phc!, now, ct);
        await tx.CommitAsync(ct);
    }

    private async ValueTask RehashAsync(TenantContext tenant, UserId user, string old, byte[] password, CancellationToken ct)
    {
        // When the gate is full the sign-in goes on and the next one rehashes.
        if (!(await hasher.HashAsync(password, ct)).TryGet(out var renewed, out _)) return;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await PasswordStore.RehashAsync(tx, user, old, renewed, ct);
        await tx.CommitAsync(ct);
    }
}
