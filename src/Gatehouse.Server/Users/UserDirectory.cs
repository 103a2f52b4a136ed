using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;

namespace Gatehouse.Users;

[JsonConverter(typeof(UserStatusConverter))]
public enum UserStatus { Active, Disabled }

/// <summary><c>active</c>, <c>disabled</c>.</summary>
internal sealed class UserStatusConverter() : JsonStringEnumConverter<UserStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>One e-mail address of a user.</summary>
/// <param name="Address">As the person wrote it, for sending.</param>
/// <param name="Normalized">As it is compared and unique in the tenant; see <see cref="EmailAddress"/>.</param>
public sealed record UserEmail(EmailId Id, string Address, string Normalized, bool Verified, bool Primary);

/// <summary>One telephone number of a user, E.164 with the plus.</summary>
/// <param name="Verified">Only then are codes sent to it, and only then is it hers beyond dispute.</param>
public sealed record UserPhone(PhoneId Id, string Number, bool Verified, bool Primary);

/// <summary>A person's account in one tenant.</summary>
/// <param name="Attributes">The tenant's own facts, a JSON object.</param>
/// <param name="Locale">BCP 47 tag, or null where she never chose.</param>
/// <param name="Version">Rises with every change; the ETag.</param>
public sealed record User(UserId Id, UserStatus Status, string? DisplayName, string? GivenName, string? FamilyName, string? Locale,
    IReadOnlyList<UserEmail> Emails, string Attributes, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public IReadOnlyList<UserPhone> Phones { get; init; } = [];

    public UserPhone? PrimaryPhone => Phones.FirstOrDefault(p => p.Primary);

    /// <summary>IANA name of the time zone she lives in, or null where she never said.</summary>
    public string? Zoneinfo { get; init; }

    public UserEmail? PrimaryEmail => Emails.FirstOrDefault(e => e.Primary);

    /// <summary>Hers, by which she was found. As it is stored: two that compare equal may still be written differently.</summary>
    public UserEmail EmailOf(EmailAddress address) => Emails.First(e => string.Equals(e.Normalized, address.Normalized, StringComparison.Ordinal));
}

#pragma warning disable CA1822 // a directory is asked as one thing, whether or not an answer needs its parts
/// <summary>What later rooms may ask of users and do to them. Callers audit; events are published here.</summary>
public sealed class UserDirectory(EventOutbox events, TimeProvider clock)
{
    public ValueTask<User?> FindAsync(TenantTransaction tx, UserId id, CancellationToken ct) => UserStore.FindAsync(tx, id, ct);

    /// <summary>Whether she may sign in, and stays so until this transaction ends: who disables or deletes her comes after it and finds what it began.</summary>
    public ValueTask<bool> HoldActiveAsync(TenantTransaction tx, UserId id, CancellationToken ct) => UserStore.HoldAsync(tx, id, UserStatus.Active, ct);

    /// <summary>Whether there is such a user, active or not; she is not deleted until this transaction ends.</summary>
    public ValueTask<bool> HoldAsync(TenantTransaction tx, UserId id, CancellationToken ct) => UserStore.HoldAsync(tx, id, ct);

    /// <summary>By any of her addresses, verified or not. Mail goes to the address found here, never to the one that was typed.</summary>
    public ValueTask<User?> FindByEmailAsync(TenantTransaction tx, EmailAddress address, CancellationToken ct) =>
        UserStore.FindByEmailAsync(tx, address.Normalized, ct);

    /// <summary>By a number that she has proved to be hers: an unproved one is nobody's.</summary>
    public ValueTask<User?> FindByPhoneAsync(TenantTransaction tx, PhoneNumber number, CancellationToken ct) => UserStore.FindByPhoneAsync(tx, number.Value, ct);

    /// <summary>
    /// Makes a number hers that she has just proved to answer. It is taken from whoever has it unproved; whoever has proved it keeps it.
    /// </summary>
    /// <returns>Null when it is so now; <c>phone_taken</c>, <c>phones_too_many</c>, <c>user_not_found</c>, <c>version_mismatch</c>: then the caller must not commit.</returns>
    public async ValueTask<Problem?> AddProvedPhoneAsync(TenantTransaction tx, UserId id, PhoneNumber number, CancellationToken ct)
    {
        var now = clock.Now();
        if (await UserStore.FindAsync(tx, id, ct) is not { } user) return UserProblems.NotFound;
        // The version first: it locks the user, so that two at once cannot both be the fifth.
        if (!await UserStore.TryUpdateAsync(tx, user, now, ct)) return Http.ETags.Changed;
        if (!await PhoneStore.MarkVerifiedAsync(tx, id, number.Value, ct))
        {
            if (user.Phones.Count >= UserPhones.MaxPerUser) return UserPhones.TooMany;
            await PhoneStore.DeleteUnprovedOfOthersAsync(tx, id, number.Value, ct);
            if (!await PhoneStore.TryAddAsync(tx, id, new(PhoneId.New(clock), number.Value, Verified: true, Primary: false), now, ct)) return UserPhones.Taken;
        }
        await events.PublishAsync(tx, new UserUpdated(id), ct);
        return null;
    }

    /// <returns>The user, or <c>email_taken</c>; then nothing was written and the transaction may go on.</returns>
    public ValueTask<Result<User, Problem>> CreateAsync(TenantTransaction tx, EmailAddress address, bool verified, string? displayName, string? locale, CancellationToken ct) =>
        CreateAsync(tx, UserId.New(clock), address, verified, displayName, locale, ct);

    /// <summary>The same where it was settled before who she would be. Nobody else may know that id: another tenant's or a former user's would be hers.</summary>
    public async ValueTask<Result<User, Problem>> CreateAsync(TenantTransaction tx, UserId id, EmailAddress address, bool verified, string? displayName, string? locale, CancellationToken ct)
    {
        if (!PersonName.Parse(displayName, "display_name").TryGet(out var name, out var problem)) return problem;
        if (!LocaleTag.Parse(locale).TryGet(out var tag, out problem)) return problem;

        var now = clock.Now();
        var user = new User(id, UserStatus.Active, name.Value, null, null, tag.Value,
            [new UserEmail(EmailId.New(clock), address.Address, address.Normalized, verified, Primary: true)], "{}", 1, now, now);
        if (!await UserStore.TryInsertAsync(tx, user, ct)) return UserProblems.EmailTaken;
        await events.PublishAsync(tx, new UserCreated(user.Id), ct);
        return user;
    }

    /// <returns>False when the address is gone meanwhile.</returns>
    public async ValueTask<bool> VerifyEmailAsync(TenantTransaction tx, UserId user, EmailId email, CancellationToken ct)
    {
        if (!await UserStore.MarkVerifiedAsync(tx, user, email, ct)) return false;
        await UserStore.TouchAsync(tx, user, clock.Now(), ct);
        await events.PublishAsync(tx, new UserUpdated(user), ct);
        return true;
    }

    /// <summary>A page of users, newest first.</summary>
    public async ValueTask<Page<User>> ListAsync(TenantTransaction tx, PageRequest page, CancellationToken ct) =>
        page.ToPage(await UserList.ListAsync(tx, page.After, page.Limit + 1, ct), u => u.Id.Value);

    /// <summary>The next users below an id, newest first: for whoever walks through everybody.</summary>
    public ValueTask<List<User>> WalkAsync(TenantTransaction tx, Guid before, int limit, CancellationToken ct) => UserList.ListAsync(tx, before, limit, ct);

    /// <summary>The lowest id of the next so many users below another; null when there are none.</summary>
    public ValueTask<Guid?> FindBoundAsync(TenantTransaction tx, Guid before, int count, CancellationToken ct) => UserList.FindBoundAsync(tx, before, count, ct);

    /// <summary>Disables or enables; her sessions and what hangs on them end with the event.</summary>
    /// <returns>Null when it is so now; <c>user_not_found</c>, <c>version_mismatch</c>.</returns>
    public async ValueTask<Problem?> SetStatusAsync(TenantTransaction tx, UserId id, UserStatus status, CancellationToken ct)
    {
        if (await UserStore.FindAsync(tx, id, ct) is not { } user) return UserProblems.NotFound;
        if (user.Status == status) return null;
        if (!await UserStore.TryUpdateAsync(tx, user with { Status = status }, clock.Now(), ct)) return Http.ETags.Changed;
        if (status == UserStatus.Disabled) await events.PublishAsync(tx, new UserDisabled(id), ct);
        else await events.PublishAsync(tx, new UserEnabled(id), ct);
        return null;
    }
}
