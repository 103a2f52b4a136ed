using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>
/// The second step of a sign-in: what a user has for it, and how often it may be tried. Its counters are apart from the password's: whoever
/// guesses codes knows the password already, and must neither shut out the owner nor be given a fresh start by the other's counters.
/// </summary>
public sealed class SecondFactors(IDatabase database, IEnumerable<IAuthenticator> authenticators, EventOutbox events, TimeProvider clock)
{
    // Six digits with drift are three right answers in a million: fifty guesses a day, for a year, find one with five in a hundred.
    private const int WindowsPerDay = 5;
    private static readonly TimeSpan window = TimeSpan.FromMinutes(10), day = TimeSpan.FromDays(1);

    private readonly IAuthenticator[] all = [.. authenticators];

    /// <summary>Whether her sign-in has a second step.</summary>
    public async ValueTask<bool> HasAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        foreach (var authenticator in all)
            if (authenticator.IsFactor && await authenticator.DescribeAsync(tx, user, ct) is not null) return true;
        return false;
    }

    /// <summary>What she has, in the order of the product.</summary>
    public async ValueTask<IReadOnlyList<AuthenticatorState>> DescribeAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        List<AuthenticatorState> states = [];
        foreach (var authenticator in all)
            if (await authenticator.DescribeAsync(tx, user, ct) is { } state) states.Add(state);
        return states;
    }

    /// <summary>Removes all of it: her sign-in has one step again.</summary>
    public async ValueTask RemoveAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        foreach (var authenticator in all) await authenticator.RemoveAsync(tx, user, ct);
        // Afterwards: who verifies one at this moment holds its row, so what that one leads to is there to be found.
        await events.PublishAsync(tx, new SecondFactorChanged(user), ct);
    }

    /// <summary>Removes those of these names, with what is being set up; after the last that is a factor, also what stands in for one.</summary>
    /// <returns>The names of what was there.</returns>
    public async ValueTask<IReadOnlyList<string>> RemoveAsync(TenantTransaction tx, UserId user, IReadOnlyCollection<string> names, CancellationToken ct)
    {
        List<string> removed = [];
        foreach (var authenticator in all.Where(a => names.Contains(a.Name)))
        {
            if (await authenticator.DescribeAsync(tx, user, ct) is not null) removed.Add(authenticator.Name);
            await authenticator.RemoveAsync(tx, user, ct);
        }
        if (removed.Count == 0) return removed;
        if (!await HasAsync(tx, user, ct))
            foreach (var left in await DescribeAsync(tx, user, ct))
            {
                await Of(left.Name).RemoveAsync(tx, user, ct);
                removed.Add(left.Name);
            }
        await events.PublishAsync(tx, new SecondFactorChanged(user), ct);
        return removed;
    }

    /// <summary>The authenticator of this name; the first one for names that are none.</summary>
    public IAuthenticator Of(string? name) => all.FirstOrDefault(a => a.Name == name) ?? all[0];

    /// <summary>
    /// Counts an attempt before it is made, in a transaction of its own: of any number of guesses in flight, no more than the limit are
    /// looked at. A right one is given back (<see cref="VerifyAsync"/>).
    /// </summary>
    /// <param name="device">Hash of the device cookie: a browser she has signed in with has an allowance that strangers cannot use up.</param>
    /// <param name="run">The sign-in or session in which the answer is given.</param>
    /// <returns>Null when there were too many; answer as to a wrong code.</returns>
    public async ValueTask<FactorAttempt?> BeginAttemptAsync(TenantContext tenant, IAuthenticator authenticator, UserId user, Guid run, byte[]? device, RequestFacts request, CancellationToken ct)
    {
        var name = authenticator.Counters;
        var limits = tenant.Settings.Limits;
        var now = clock.Now();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var known = device is not null && await PasswordStore.IsKnownDeviceAsync(tx, user, device, ct);
        var subject = RateLimit.KeyOf(known ? $"user:{user}:{Convert.ToHexStringLower(device!)}" : $"user:{user}");
        var attempt = new FactorAttempt(user, authenticator, run, [($"{name}.{(known ? "device" : "user")}", subject), ($"{name}.{(known ? "device_day" : "user_day")}", subject), ($"{name}.ip", RateLimit.KeyOf(RateLimit.SiteKey(request.IpAddress)))]);
        // What was sent before the counters, as verifying does it: two that lock in different orders would wait for each other for ever.
        var there = await authenticator.BeginAsync(tx, user, run, ct);
        int[] most = [limits.FailuresPerUser, limits.FailuresPerUser * WindowsPerDay, limits.FailuresPerIp];
        for (var i = 0; i < most.Length; i++)
        {
            var (bucket, key) = attempt.Counters[i];
            if (!await RateLimit.TryTakeAsync(tx, bucket, key, most[i], now, i == 1 ? day : window, ct)) return null;
        }
        await tx.CommitAsync(ct);
        return there ? attempt : null;
    }

    /// <summary>Checks and uses up an answer in the caller's transaction; a right one takes its attempt back from the counters.</summary>
    public async ValueTask<bool> VerifyAsync(TenantTransaction tx, FactorAttempt attempt, string answer, CancellationToken ct)
    {
        if (!await attempt.Authenticator.VerifyAsync(tx, attempt.User, answer, attempt.Run, ct)) return false;
        foreach (var (bucket, key) in attempt.Counters) await RateLimit.GiveBackAsync(tx, bucket, key, ct);
        return true;
    }
}

/// <summary>An attempt that was counted.</summary>
public sealed class FactorAttempt
{
    internal FactorAttempt(UserId user, IAuthenticator authenticator, Guid run, (string Bucket, byte[] Key)[] counters) => (User, Authenticator, Run, Counters) = (user, authenticator, run, counters);

    internal UserId User { get; }
    internal IAuthenticator Authenticator { get; }
    internal Guid Run { get; }
    internal (string Bucket, byte[] Key)[] Counters { get; }
}
