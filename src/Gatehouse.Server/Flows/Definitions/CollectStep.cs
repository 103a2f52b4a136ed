using System.Text.Json;
using Gatehouse.Users;

namespace Gatehouse.Flows.Definitions;

/// <summary>
/// Asks for what is not known of her yet. It fills in and never replaces: what she has already is neither shown nor changed, so that what an
/// administrator wrote stays.
/// </summary>
/// <param name="Title">By language tag; null: the product's words.</param>
/// <param name="Once">Asked once in her life, whatever she leaves out; else as long as something required is missing.</param>
public sealed record CollectStep(string Id, FlowCondition? When, IReadOnlyDictionary<string, string>? Title, IReadOnlyList<CollectField> Fields, bool Once) : FlowStep(Id, When)
{
    /// <summary>What she has no value for.</summary>
    public IReadOnlyList<CollectField> MissingOf(User user)
    {
        using var attributes = JsonDocument.Parse(user.Attributes);
        return [.. Fields.Where(f => f.IsMissing(user, attributes.RootElement))];
    }

    /// <param name="asked">Whether it was answered before.</param>
    public bool IsDue(User user, bool asked) => Once ? !asked && MissingOf(user).Count > 0 : MissingOf(user).Any(f => f.Required);
}

/// <summary>One value of a <see cref="CollectStep"/>.</summary>
/// <param name="Name">Of the attribute, or of the claim; in forms and answers too.</param>
/// <param name="IsClaim">One of <see cref="Claims"/>: a part of her profile.</param>
/// <param name="ChoiceLabels">Words for the values of the schema's list, by value and language.</param>
public sealed record CollectField(string Name, bool IsClaim, FieldSchema Schema, IReadOnlyDictionary<string, string> Label, IReadOnlyDictionary<string, string>? Help, bool Required,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? ChoiceLabels = null)
{
    /// <summary>OpenID Connect Core §5.1, as far as a person says them of herself. Addresses and numbers are proved, not said.</summary>
    public static IReadOnlyList<string> Claims { get; } = ["name", "given_name", "family_name", "locale", "zoneinfo"];

    internal bool IsMissing(User user, JsonElement attributes) => IsClaim
        ? string.IsNullOrEmpty(Name switch { "name" => user.DisplayName, "given_name" => user.GivenName, "family_name" => user.FamilyName, "locale" => user.Locale, _ => user.Zoneinfo })
        : !attributes.TryGetProperty(Name, out var value) || value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);
}
