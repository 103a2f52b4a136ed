using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>
/// What a person may do to her own user. Every change is conditional on the version that was read, which also makes changes of one user take
/// turns; after a problem the caller does not commit. Callers audit; events are published here.
/// </summary>
public sealed class OwnUser
{
    private readonly UserGuards guards;
    private readonly IReadOnlyList<IPhoneGuard> phoneGuards;
    private readonly EventOutbox events;
    private readonly TimeProvider clock;

    internal OwnUser(UserGuards guards, IEnumerable<IPhoneGuard> phoneGuards, EventOutbox events, TimeProvider clock) =>
        (this.guards, this.phoneGuards, this.events, this.clock) = (guards, [.. phoneGuards], events, clock);

    /// <returns>The user as she is then; <c>version_mismatch</c>, or what <see cref="Profile"/> has against it.</returns>
    public async ValueTask<Result<User, Problem>> ChangeProfileAsync(TenantTransaction tx, User user, Profile wanted, CancellationToken ct)
    {
        if (!wanted.ApplyTo(user).TryGet(out var changed, out var problem)) return problem;
        return await WriteAsync(tx, changed, null, ct);
    }

    /// <summary>An address that she has proved to be hers: a new one, or one she had unproved.</summary>
    /// <returns>The user as she is then; <c>email_taken</c>, <c>emails_too_many</c>, <c>version_mismatch</c>.</returns>
    public ValueTask<Result<User, Problem>> AddEmailAsync(TenantTransaction tx, User user, EmailAddress address, CancellationToken ct) =>
        WriteAsync(tx, user, async () =>
        {
            if (user.Emails.FirstOrDefault(e => e.Normalized == address.Normalized) is { } hers) return await UserStore.MarkVerifiedAsync(tx, user.Id, hers.Id, ct) ? null : UserProblems.EmailNotFound;
            if (user.Emails.Count >= UserEmails.MaxPerUser) return TooMany;
            var added = new UserEmail(EmailId.New(clock), address.Address, address.Normalized, Verified: true, Primary: user.Emails.Count == 0);
            return await UserStore.TryAddEmailAsync(tx, user.Id, added, clock.Now(), ct) ? null : UserProblems.EmailTaken;
        }, ct);

    /// <summary>Whether she may have one more.</summary>
    /// <returns>Null when she may; else <c>emails_too_many</c>.</returns>
    public static Problem? CheckRoom(User user) => user.Emails.Count >= UserEmails.MaxPerUser ? TooMany : null;

    /// <returns>The user as she is then; <c>email_not_found</c>, <c>email_not_verified</c>, <c>version_mismatch</c>.</returns>
    public ValueTask<Result<User, Problem>> MakePrimaryAsync(TenantTransaction tx, User user, EmailId id, CancellationToken ct) =>
        WriteAsync(tx, user, async () => user.Emails.FirstOrDefault(e => e.Id == id) switch
        {
            null => UserProblems.EmailNotFound,
            { Verified: false } => Problem.Conflict("email_not_verified", "Only an address that you have confirmed can be the primary one."),
            _ => await UserStore.MakePrimaryAsync(tx, user.Id, id, ct) ? null : UserProblems.EmailNotFound,
        }, ct);

    /// <summary>Never the primary one and never the last that is verified: she must stay reachable.</summary>
    /// <returns>The user as she is then; <c>email_not_found</c>, <c>email_primary</c>, <c>email_last_verified</c>, <c>version_mismatch</c>.</returns>
    public ValueTask<Result<User, Problem>> RemoveEmailAsync(TenantTransaction tx, User user, EmailId id, CancellationToken ct) =>
        WriteAsync(tx, user, async () =>
        {
            if (user.Emails.FirstOrDefault(e => e.Id == id) is not { } email) return UserProblems.EmailNotFound;
            if (email.Primary) return UserEmails.IsPrimary;
            if (email.Verified && user.Emails.Count(e => e.Verified) == 1) return Problem.Conflict("email_last_verified", "This is your only confirmed address. Confirm another one first.");
            return await UserStore.DeleteEmailAsync(tx, user.Id, id, ct) ? null : UserProblems.EmailNotFound;
        }, ct);

    /// <summary>What was typed is no telephone number.</summary>
    public static Problem PhoneInvalid => UserPhones.Invalid;

    /// <summary>Whether she may have one more number.</summary>
    /// <returns>Null when she may; else <c>phones_too_many</c>.</returns>
    public static Problem? CheckPhoneRoom(User user) => user.Phones.Count >= UserPhones.MaxPerUser ? UserPhones.TooMany : null;

    /// <returns>The user as she is then; <c>phone_not_found</c>, <c>phone_not_verified</c>, <c>version_mismatch</c>.</returns>
    public ValueTask<Result<User, Problem>> MakePhonePrimaryAsync(TenantTransaction tx, User user, PhoneId id, CancellationToken ct) =>
        WriteAsync(tx, user, async () => user.Phones.FirstOrDefault(p => p.Id == id) switch
        {
            null => UserPhones.NotFound,
            { Verified: false } => Problem.Conflict("phone_not_verified", "Only a number that you have confirmed can be the primary one."),
            _ => await PhoneStore.MakePrimaryAsync(tx, user.Id, id, ct) ? null : UserPhones.NotFound,
        }, ct);

    /// <summary>If nothing hangs on it; the primary one goes last.</summary>
    /// <returns>The user as she is then; <c>phone_not_found</c>, <c>phone_primary</c>, <c>phone_in_use</c>, <c>version_mismatch</c>.</returns>
    public ValueTask<Result<User, Problem>> RemovePhoneAsync(TenantTransaction tx, User user, PhoneId id, CancellationToken ct) =>
        WriteAsync(tx, user, async () =>
        {
            if (user.Phones.All(p => p.Id != id)) return UserPhones.NotFound;
            foreach (var guard in phoneGuards)
                if (await guard.CheckAsync(tx, user.Id, id, ct) is { } refused) return refused;
            return await PhoneStore.DeleteAsync(tx, user.Id, id, ct) ? null : UserPhones.IsPrimary;
        }, ct);

    /// <summary>The account and all that other rooms hold of it, for good.</summary>
    /// <returns>Null when it is done; <c>last_administrator</c>, <c>user_not_found</c>.</returns>
    public async ValueTask<Problem?> DeleteAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        if (await guards.CheckAsync(tx, user, ct) is { } refused) return refused;
        // Subscribers first: whoever must still find the user by her rows may.
        await events.PublishAsync(tx, new UserDeleted(user), ct);
        return await UserStore.DeleteAsync(tx, user, ct) ? null : UserProblems.NotFound;
    }

    private async ValueTask<Result<User, Problem>> WriteAsync(TenantTransaction tx, User user, Func<ValueTask<Problem?>>? change, CancellationToken ct)
    {
        if (!await UserStore.TryUpdateAsync(tx, user, clock.Now(), ct)) return ETags.Changed;
        if (change is not null && await change() is { } problem) return problem;
        await events.PublishAsync(tx, new UserUpdated(user.Id), ct);
        return await UserStore.FindAsync(tx, user.Id, ct) is { } written ? written : UserProblems.NotFound;
    }

    private static Problem TooMany { get; } = Problem.Conflict("emails_too_many", $"You have {UserEmails.MaxPerUser} addresses, as many as there can be. Remove one first.");
}
