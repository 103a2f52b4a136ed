using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>A user as the management API shows one.</summary>
internal sealed record UserView(UserId Id, UserStatus Status, string? DisplayName, string? GivenName, string? FamilyName, string? Locale, string? Zoneinfo,
    IReadOnlyList<EmailView> Emails, IReadOnlyList<PhoneView> Phones, JsonElement Attributes, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static UserView Of(User user) => new(user.Id, user.Status, user.DisplayName, user.GivenName, user.FamilyName, user.Locale, user.Zoneinfo,
        [.. user.Emails.Select(EmailView.Of)], [.. user.Phones.Select(PhoneView.Of)], JsonElement.Parse(user.Attributes), user.Version, user.CreatedAt, user.UpdatedAt);
}

/// <summary>One of a user's addresses as the management API shows it.</summary>
internal sealed record EmailView(EmailId Id, string Address, bool Verified, bool Primary)
{
    internal static EmailView Of(UserEmail email) => new(email.Id, email.Address, email.Verified, email.Primary);
}

/// <summary>One of a user's telephone numbers as the management API shows it.</summary>
internal sealed record PhoneView(PhoneId Id, string Number, bool Verified, bool Primary)
{
    internal static PhoneView Of(UserPhone phone) => new(phone.Id, phone.Number, phone.Verified, phone.Primary);
}
