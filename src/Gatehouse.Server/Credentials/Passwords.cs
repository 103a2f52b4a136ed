using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

public enum PasswordVerdict { Right, Wrong, Throttled }

/// <summary>Setting and checking passwords; the only room that ever sees one.</summary>
public sealed class Passwords
{
    /// <summary>The window of every failure counter.</summary>
    internal static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(10);

    private readonly IDatabase database;
    private readonly PasswordHasher hasher;
    private readonly PasswordPolicy policy;
    private readonly EventOutbox events;
    private readonly CredentialsMetrics metrics;
    private readonly TimeProvider clock;

    internal Passwords(IDatabase database, PasswordHasher hasher, PasswordPolicy policy, EventOutbox events, CredentialsMetrics metrics, TimeProvider clock) =>
        (this.database, this.hasher, this.policy, this.events, this.metrics, this.clock) = (database, hasher, policy, events, metrics, clock);

    /// <summary>Whether the tenant's policy accepts it.</summary>
    /// <returns>Null when it does; else <c>password_too_short</c>, <c>password_too_long</c>, <c>password_common</c>, <c>password_too_simple</c>, <c>password_invalid</c>.</returns>
    public Problem? CheckPolicy(TenantContext tenant, string password, string? email) => policy.Check(tenant, password, email);

    /// <summary>Hashes outside any transaction: takes milliseconds and waits its turn at the gate.</summary>
    /// <returns>A PHC string for <see cref="SetAsync(TenantTransaction, UserId, string, CancellationToken)"/>; or 503 <c>busy</c> when too many already wait.</returns>
    public ValueTask<Result<string, Problem>> HashAsync(string password, CancellationToken ct) =>
        hasher.HashAsync(PasswordText.BytesOrDecoy(password, out var possible) is var bytes && possible
            ? bytes : throw new ArgumentException("Only a password that the policy accepted can be hashed.", nameof(password)), ct);

    /// <summary>Checks a new password and hashes it.</summary>
    /// <returns>As <see cref="HashAsync"/>; or what <see cref="CheckPolicy"/> has against it.</returns>
    public ValueTask<Result<string, Problem>> HashNewAsync(TenantContext tenant, string password, string? email, CancellationToken ct) =>
        CheckPolicy(tenant, password, email) is { } refused ? ValueTask.FromResult<Result<string, Problem>>(refused) : HashAsync(password, ct);

    /// <summary>Sets it and ends every session of the user (<see cref="PasswordChanged"/>).</summary>
    public ValueTask SetAsync(TenantTransaction tx, UserId user, string phc, CancellationToken ct) => SetAsync(tx, user, phc, null, ct);

    /// <summary>Sets it and ends every session of the user but the one in which she did it. Links to reset it are void.</summary>
    public async ValueTask SetAsync(TenantTransaction tx, UserId user, string phc, SessionId? keep, CancellationToken ct)
    {
        await PasswordStore.SetAsync(tx, user, phc, clock.Now(), ct);
        await OneTimeLinkStore.DeleteAsync(tx, user, LinkPurpose.ResetPassword, ct);
        await events.PublishAsync(tx, new PasswordChanged(user, keep), ct);
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
    /// Success writes nothing. The counters are read before the hash (a throttled attempt costs none) and again after a right one, so
    /// that of many guesses in flight only those answered before the limit can have told anything; a wrong one counts by a conditional
    /// statement, and finds itself throttled when others used up the limit first. Too busy to hash is answered as throttled: try later.
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
        if (outdated) await RehashAsync(tenant, user.Id, facts.Phc!, bytes, ct);
        return PasswordVerdict.Right;
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

    private async ValueTask RehashAsync(TenantContext tenant, UserId user, string old, byte[] password, CancellationToken ct)
    {
        // When the gate is full the sign-in goes on and the next one rehashes.
        if (!(await hasher.HashAsync(password, ct)).TryGet(out var renewed, out _)) return;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await PasswordStore.RehashAsync(tx, user, old, renewed, ct);
        await tx.CommitAsync(ct);
    }
}
