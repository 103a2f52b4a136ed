using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>What the list of users can be filtered and sorted by.</summary>
internal static class UserFields
{
    internal const string Status = "status", CreatedAt = "created_at", UpdatedAt = "updated_at", DisplayName = "display_name", AttributePrefix = "attributes.";

    internal static ListShape<User> Shape { get; } = new(
        user => user.Id.Value,
        [
            new(CreatedAt, user => user.CreatedAt),
            new(UpdatedAt, user => user.UpdatedAt),
            new(DisplayName, user => PersonName.KeyOf(user.DisplayName) ?? ""),
        ],
        [
            ListField<User>.Exact("id", user => user.Id.ToString()),
            ListField<User>.Exact(Status, user => UserStore.StatusText(user.Status), "active", "disabled"),
            ListField<User>.Text(DisplayName, user => user.DisplayName),
            ListField<User>.Text("given_name", user => user.GivenName),
            ListField<User>.Text("family_name", user => user.FamilyName),
            ListField<User>.Texts("name", user => [user.DisplayName, user.GivenName, user.FamilyName]),
            ListField<User>.Texts("email", user => user.Emails.SelectMany(e => new[] { e.Normalized, e.Address })),
            ListField<User>.Texts("phone", user => user.Phones.Select(p => p.Number)),
            ListField<User>.Exact("locale", user => user.Locale),
            ListField<User>.Time(CreatedAt, user => user.CreatedAt),
            ListField<User>.Time(UpdatedAt, user => user.UpdatedAt),
        ],
        Attribute);

    private static ListField<User>? Attribute(string name) =>
        name.StartsWith(AttributePrefix, StringComparison.Ordinal) && name.Length > AttributePrefix.Length
            ? new(name, FieldKind.Any, user => UserAttributes.ValuesOf(user, name[AttributePrefix.Length..])) : null;
}
