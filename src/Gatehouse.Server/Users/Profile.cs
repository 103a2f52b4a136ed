using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>What a user is to be like, whoever says so: an administrator or she herself.</summary>
/// <param name="Attributes">A merge patch (RFC 7396) of her attributes; null leaves them alone.</param>
public sealed record Profile(string? DisplayName, string? GivenName, string? FamilyName, string? Locale, string? Zoneinfo, JsonElement? Attributes)
{
    /// <returns>The user as she would be; <c>name_invalid</c>, <c>locale_invalid</c>, <c>zoneinfo_invalid</c>, <c>attributes_invalid</c>.</returns>
    internal Result<User, Problem> ApplyTo(User user)
    {
        var attributes = new UserAttributes(user.Attributes);
        if (!PersonName.Parse(DisplayName, "display_name").TryGet(out var displayName, out var problem)
            || !PersonName.Parse(GivenName, "given_name").TryGet(out var givenName, out problem)
            || !PersonName.Parse(FamilyName, "family_name").TryGet(out var familyName, out problem)
            || !LocaleTag.Parse(Locale).TryGet(out var locale, out problem)
            || !ZoneName.Parse(Zoneinfo).TryGet(out var zone, out problem)
            || (Attributes is { } sent && !UserAttributes.Merge(user.Attributes, sent).TryGet(out attributes, out problem))) return problem;
        return user with { DisplayName = displayName.Value, GivenName = givenName.Value, FamilyName = familyName.Value, Locale = locale.Value, Zoneinfo = zone.Value, Attributes = attributes.Json };
    }
}
