using Gatehouse.Caching;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.OAuth;

/// <summary>What UserInfo may say of an active person.</summary>
/// <param name="EmailVerified">Only what was proved to us; <paramref name="PhoneVerified"/> too.</param>
/// <param name="Phone">E.164.</param>
internal sealed record Person(string? Name, string? GivenName, string? FamilyName, string? Locale, string? Zoneinfo, string? Email, bool EmailVerified, DateTimeOffset UpdatedAt,
    string? Phone = null, bool PhoneVerified = false);

/// <summary>People as UserInfo tells of them, from memory until the Users room says that something changed.</summary>
internal sealed class UserClaims(IDatabase database, UserDirectory users, IChangeFeed feed)
{
    internal const string Topic = "userinfo";

    // People whose applications are at work right now; a few hundred bytes each.
    private const int Capacity = 20_000;

    private readonly TenantCache<UserId, Person> memory = new(Topic, Capacity, feed);

    /// <returns>Null when there is no such user, or she is disabled.</returns>
    internal ValueTask<Person?> FindAsync(TenantId tenant, UserId id, CancellationToken ct) => memory.GetAsync(tenant, id, LoadAsync, ct);

    private async ValueTask<Person?> LoadAsync(TenantId tenant, UserId id, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active } user) return null;
        var email = user.PrimaryEmail;
        return new(user.DisplayName, user.GivenName, user.FamilyName, user.Locale, user.Zoneinfo, email?.Address, email?.Verified ?? false, user.UpdatedAt,
            user.PrimaryPhone?.Number, user.PrimaryPhone?.Verified ?? false);
    }
}
