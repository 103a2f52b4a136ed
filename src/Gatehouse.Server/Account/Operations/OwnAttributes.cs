using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>One attribute as its person sees it.</summary>
/// <param name="Value">A text as itself, anything else as JSON; empty when she has none.</param>
public sealed record OwnFact(string Name, string Value, bool Editable);

/// <summary>Which of a user's attributes she may see and change: the tenant says (<see cref="AccountSettings"/>); all others do not exist here.</summary>
internal static class OwnAttributes
{
    /// <summary>Those she may see, as JSON.</summary>
    internal static JsonElement Visible(TenantContext tenant, User user)
    {
        var all = JsonNode.Parse(user.Attributes)!.AsObject();
        JsonObject seen = [];
        foreach (var name in tenant.Settings.Account.VisibleAttributes)
            if (all.TryGetPropertyValue(name, out var value)) seen[name] = value?.DeepClone();
        return JsonElement.Parse(seen.ToJsonString());
    }

    /// <summary>Those she may see, one line each, those without a value too.</summary>
    internal static IReadOnlyList<OwnFact> List(TenantContext tenant, User user)
    {
        using var all = JsonDocument.Parse(user.Attributes);
        List<OwnFact> list = [];
        foreach (var name in tenant.Settings.Account.VisibleAttributes)
        {
            var value = all.RootElement.TryGetProperty(name, out var found) ? found : default;
            // What is a list or an object has no field it could be typed into.
            var plain = value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);
            list.Add(new(name, Text(value), plain && tenant.Settings.Account.EditableAttributes.Contains(name, StringComparer.Ordinal)));
        }
        return list;
    }

    /// <returns>Null when she may change all that the patch speaks of; else 422 <c>attribute_unknown</c> or <c>attribute_fixed</c>.</returns>
    internal static Problem? CheckPatch(TenantContext tenant, JsonElement? patch)
    {
        if (patch is not { } members) return null;
        if (members.ValueKind != JsonValueKind.Object) return Problem.Invalid("member_invalid", "attributes is an object of those to change.", "attributes");
        foreach (var member in members.EnumerateObject())
        {
            var name = member.Name.Length <= 64 ? member.Name : member.Name[..64];
            if (!tenant.Settings.Account.VisibleAttributes.Contains(member.Name, StringComparer.Ordinal)) return Problem.Invalid("attribute_unknown", "There is no such attribute in your account.", $"attributes.{name}");
            if (!tenant.Settings.Account.EditableAttributes.Contains(member.Name, StringComparer.Ordinal)) return Problem.Invalid("attribute_fixed", "You cannot change this attribute yourself.", $"attributes.{name}");
        }
        return null;
    }

    /// <summary>A patch out of what was typed: of the kind that the attribute had, a text where it had none; empty takes it away.</summary>
    /// <param name="typed">What stands in the field of an attribute; null where there is no such field.</param>
    internal static JsonElement Patch(TenantContext tenant, User user, Func<string, string?> typed)
    {
        using var before = JsonDocument.Parse(user.Attributes);
        JsonObject patch = [];
        foreach (var attribute in List(tenant, user))
        {
            if (!attribute.Editable || typed(attribute.Name) is not { } text || text == attribute.Value) continue;
            var kind = before.RootElement.TryGetProperty(attribute.Name, out var value) ? value.ValueKind : JsonValueKind.Undefined;
            patch[attribute.Name] = text.Length == 0 ? null
                : kind == JsonValueKind.Number && decimal.TryParse(text, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
                : kind is JsonValueKind.True or JsonValueKind.False && bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
                : JsonValue.Create(text);
        }
        return JsonElement.Parse(patch.ToJsonString());
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
