using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

public enum UserStatus { Active, Disabled }

/// <summary>One e-mail address of a user.</summary>
/// <param name="Address">As the person wrote it, for sending.</param>
/// <param name="Normalized">As it is compared and unique in the tenant; see <see cref="EmailAddress"/>.</param>
public sealed record UserEmail(EmailId Id, string Address, string Normalized, bool Verified, bool Primary);

/// <summary>A person's account in one tenant.</summary>
/// <param name="Attributes">The tenant's own facts, a JSON object.</param>
/// <param name="Locale">BCP 47 tag, or null where she never chose.</param>
/// <param name="Version">Rises with every change; the ETag.</param>
public sealed record User(UserId Id, UserStatus Status, string? DisplayName, string? GivenName, string? FamilyName, string? Locale,
    IReadOnlyList<UserEmail> Emails, string Attributes, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public UserEmail? PrimaryEmail => Emails.FirstOrDefault(e => e.Primary);
}

/// <summary>An address that has been read: NFKC, trimmed, lower case, domain as ASCII (IDNA); at most 254 characters.</summary>
public readonly record struct EmailAddress
{
    private EmailAddress(string address, string normalized) => (Address, Normalized) = (address, normalized);

    public string Address { get; }
    public string Normalized { get; }

    /// <returns>The address, or <c>email_invalid</c>.</returns>
    public static Result<EmailAddress, Problem> Parse(string? text) => throw new NotImplementedException(new EmailAddress(text!, "").Normalized);
}

/// <summary>What later rooms may ask of users and do to them.</summary>
public sealed class UserDirectory
{
    public ValueTask<User?> FindAsync(TenantTransaction tx, UserId id, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>By any of her addresses, verified or not.</summary>
    public ValueTask<User?> FindByEmailAsync(TenantTransaction tx, EmailAddress address, CancellationToken ct) => throw new NotImplementedException();

    /// <returns>The user, or <c>email_taken</c>.</returns>
    public ValueTask<Result<User, Problem>> CreateAsync(TenantTransaction tx, EmailAddress address, bool verified, string? displayName, string? locale, CancellationToken ct) => throw new NotImplementedException();

    /// <returns>False when the address is gone meanwhile.</returns>
    public ValueTask<bool> VerifyEmailAsync(TenantTransaction tx, UserId user, EmailId email, CancellationToken ct) => throw new NotImplementedException();
}
