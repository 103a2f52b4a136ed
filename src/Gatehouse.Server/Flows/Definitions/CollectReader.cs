using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gatehouse.Flows.Definitions;

/// <summary>Reads a <c>collect</c> step. What decides over a person's rights is not hers to say: its names are refused.</summary>
internal sealed partial class CollectReader(DefinitionParts parts)
{
    private const int MaxFields = 20, MaxName = 64, MaxChoices = 100, MaxPattern = 200, MaxRepeat = 2000;

    // What other parts take for proved or granted, and the names that forms and requests have for themselves.
    private static readonly HashSet<string> reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "sub", "iss", "aud", "azp", "exp", "iat", "nbf", "jti", "sid", "acr", "amr", "auth_time", "act", "cnf", "client_id", "client_secret", "role", "roles", "group", "groups", "permission",
        "permissions", "entitlement", "entitlements", "scope", "scopes", "scp", "admin", "is_admin", "administrator", "superuser", "owner", "tenant", "tenant_id", "org_id", "organization_id", "status", "id", "user_id",
        "verified", "email", "emails", "email_verified", "phone", "phones", "phone_number", "phone_number_verified", "username", "preferred_username", "password", "new_password", "csrf", "interaction", "auth_session", "step",
        "token", "terms", "accept", "display_name",
    };

    internal CollectStep? Read(JsonElement json, string id, FlowCondition? when, string path)
    {
        if (!parts.IsObject(json, path, "id", "type", "when", "title", "fields", "ask")) return null;
        var title = json.TryGetProperty("title", out _) ? parts.Texts(json, "title", path, 200) : null;
        var once = false;
        if (json.TryGetProperty("ask", out var ask) && !(once = ask.ValueKind == JsonValueKind.String && ask.GetString() == "once") && !(ask.ValueKind == JsonValueKind.String && ask.GetString() == "missing"))
            parts.Fault(path + ".ask", "ask is missing or once.");
        List<CollectField> fields = [];
        if (!json.TryGetProperty("fields", out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is < 1 or > MaxFields)
        {
            parts.Fault(path + ".fields", $"fields is a list of 1 to {MaxFields} fields.");
            return null;
        }
        var i = 0;
        foreach (var element in array.EnumerateArray())
            if (ReadField(element, $"{path}.fields[{i++}]") is { } field) fields.Add(field);
        foreach (var twice in fields.GroupBy(f => f.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)) parts.Fault(path + ".fields", $"The name {twice.Key} occurs twice.");
        if (!once && fields.Count > 0 && !fields.Any(f => f.Required)) parts.Fault(path + ".fields", "Nothing is required, so that it would never be asked: say \"ask\": \"once\".");
        return new CollectStep(id, when, title, fields, once);
    }

    private CollectField? ReadField(JsonElement json, string path)
    {
        if (!parts.IsObject(json, path, "attribute", "claim", "schema", "label", "help", "required", "choice_labels")) return null;
        var isClaim = json.TryGetProperty("claim", out _);
        if (isClaim == json.TryGetProperty("attribute", out _))
        {
            parts.Fault(path, "A field has either an attribute or a claim.");
            return null;
        }
        var name = parts.Text(json, isClaim ? "claim" : "attribute", path, MaxName);
        if (isClaim && name.Length > 0 && !CollectField.Claims.Contains(name, StringComparer.Ordinal)) parts.Fault(path + ".claim", $"claim is one of {string.Join(", ", CollectField.Claims)}.");
        if (!isClaim && name.Length > 0)
        {
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')) parts.Fault(path + ".attribute", "The name of an attribute has letters, digits, points, hyphens and underscores.");
            else if (reserved.Contains(name) || name.StartsWith("terms.", StringComparison.OrdinalIgnoreCase)) parts.Fault(path + ".attribute", $"{name} is not for a person to say of herself.");
            else if (CollectField.Claims.Contains(name, StringComparer.OrdinalIgnoreCase)) parts.Fault(path + ".attribute", $"{name} is a claim: say \"claim\" instead of \"attribute\".");
        }
        var schema = json.TryGetProperty("schema", out var described) ? ReadSchema(described, path + ".schema") : isClaim ? FieldSchema.Text : null;
        if (schema is null && !json.TryGetProperty("schema", out _)) parts.Fault(path + ".schema", "schema says what the value must be like.");
        if (isClaim && schema is not null && schema.Type != "string") parts.Fault(path + ".schema.type", "A claim is a string.");
        var labels = json.TryGetProperty("choice_labels", out var words) ? ReadChoiceLabels(words, schema, path + ".choice_labels") : null;
        var field = (Label: parts.Texts(json, "label", path, 200), Help: json.TryGetProperty("help", out _) ? parts.Texts(json, "help", path, 500) : null, Required: parts.Flag(json, "required", path));
        return schema is null ? null : new CollectField(name, isClaim, schema, field.Label, field.Help, field.Required, labels);
    }

    private Dictionary<string, IReadOnlyDictionary<string, string>>? ReadChoiceLabels(JsonElement json, FieldSchema? schema, string path)
    {
        if (json.ValueKind != JsonValueKind.Object || schema?.Choices is null || json.EnumerateObject().Any(m => !schema.Choices.Contains(m.Name, StringComparer.Ordinal)))
        {
            parts.Fault(path, "choice_labels has words for values of the schema's enum.");
            return null;
        }
        Dictionary<string, IReadOnlyDictionary<string, string>> labels = new(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject()) labels[member.Name] = parts.Texts(json, member.Name, path, 200);
        return labels;
    }

    private FieldSchema? ReadSchema(JsonElement json, string path)
    {
        if (!parts.IsObject(json, path, "type", "enum", "minLength", "maxLength", "pattern", "format", "minimum", "maximum")) return null;
        var type = parts.Text(json, "type", path, 10);
        if (type is not ("string" or "boolean" or "integer" or "number"))
        {
            if (type.Length > 0) parts.Fault(path + ".type", "type is string, boolean, integer or number.");
            return null;
        }
        // A bound that cannot hold for the type would look as if it were in force.
        foreach (var (member, of) in new[] { ("minLength", "string"), ("maxLength", "string"), ("pattern", "string"), ("format", "string"), ("minimum", "number"), ("maximum", "number"), ("enum", "list") })
            if (json.TryGetProperty(member, out _) && !(of == type || (of == "number" && type == "integer") || (of == "list" && type != "boolean"))) parts.Fault($"{path}.{member}", $"{member} is not for the type {type}.");
        var (least, most) = (Count(json, "minLength", path) ?? 0, Count(json, "maxLength", path) ?? FieldSchema.UsualLength);
        if (least > most) parts.Fault(path + ".minLength", $"minLength is at most maxLength, which is {FieldSchema.UsualLength} where nothing is said.");
        var format = json.TryGetProperty("format", out _) ? parts.Text(json, "format", path, 10) : null;
        if (format is not (null or "email" or "uri" or "date")) parts.Fault(path + ".format", "format is email, uri or date.");
        var (minimum, maximum) = (Number(json, "minimum", path), Number(json, "maximum", path));
        if (minimum > maximum) parts.Fault(path + ".minimum", "minimum is at most maximum.");
        var pattern = ReadPattern(json, path);
        return new FieldSchema(type, ReadChoices(json, type, path), least, most, pattern, format, minimum, maximum);
    }

    private string? ReadPattern(JsonElement json, string path)
    {
        if (!json.TryGetProperty("pattern", out _)) return null;
        var pattern = parts.Text(json, "pattern", path, MaxPattern);
        try
        {
            // Counted repetitions multiply: each is a copy of what it repeats.
            long copies = 1;
            foreach (Match repeat in Repeat().Matches(pattern))
                foreach (var count in repeat.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries)[^1..])
                    copies = Math.Min(long.MaxValue / 10_000, copies * Math.Max(1, int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture)));
            if (copies > MaxRepeat)
            {
                parts.Fault(path + ".pattern", $"The repetitions of pattern, multiplied, are at most {MaxRepeat}.");
                return null;
            }
            FieldSchema.Compile(pattern).IsMatch("");
            return pattern;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or OverflowException or RegexMatchTimeoutException)
        {
            parts.Fault(path + ".pattern", "pattern is a regular expression without look-arounds and without references to its groups.");
            return null;
        }
    }

    private List<string>? ReadChoices(JsonElement json, string type, string path)
    {
        if (!json.TryGetProperty("enum", out var array)) return null;
        var kind = type == "string" ? JsonValueKind.String : JsonValueKind.Number;
        if (array.ValueKind == JsonValueKind.Array && array.GetArrayLength() is >= 1 and <= MaxChoices && array.EnumerateArray().All(e => e.ValueKind == kind && (kind == JsonValueKind.Number ? e.TryGetDecimal(out _) : IsChoice(e.GetString()!))))
            return [.. array.EnumerateArray().Select(e => kind == JsonValueKind.String ? e.GetString()! : e.GetDecimal().ToString(CultureInfo.InvariantCulture)).Distinct(StringComparer.Ordinal)];
        parts.Fault(path + ".enum", $"enum is a list of 1 to {MaxChoices} values of the type; texts have 1 to {FieldSchema.UsualLength} characters.");
        return null;
    }

    private static bool IsChoice(string text) => text.Length is > 0 and <= FieldSchema.UsualLength && text.Trim() == text && !text.Any(char.IsControl);

    private int? Count(JsonElement json, string name, string path)
    {
        if (!json.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count is >= 0 and <= FieldSchema.LongestText) return count;
        parts.Fault($"{path}.{name}", $"{name} is 0 to {FieldSchema.LongestText}.");
        return null;
    }

    private decimal? Number(JsonElement json, string name, string path)
    {
        if (!json.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)) return number;
        parts.Fault($"{path}.{name}", $"{name} is a number.");
        return null;
    }

    [GeneratedRegex(@"\{([0-9]+(?:,[0-9]*)?)\}")]
    private static partial Regex Repeat();
}
