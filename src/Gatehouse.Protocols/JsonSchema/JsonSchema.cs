using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.JsonSchema;

/// <summary>Where a value does not fit, as a JSON Pointer (RFC 6901), and why.</summary>
public sealed record SchemaFault(string Path, string Reason);

/// <summary>
/// The part of JSON Schema (2020-12) with which data is described that people and programs write: types, values, lengths, ranges, patterns, formats, members and
/// items. No references, no combinations: what is not understood is refused, never ignored. Patterns never backtrack and every schema is bounded, so that no
/// schema and no value makes checking slow.
/// </summary>
public sealed class JsonSchema
{
    public const int MaxNodes = 500, MaxDepth = 8, MaxPatternLength = 200, MaxNames = 200;

    private static readonly string[] types = ["null", "boolean", "object", "array", "number", "integer", "string"];
    private static readonly string[] formats = ["email", "uri", "date", "date-time", "uuid"];

    private string[]? type;
    private JsonElement[]? choices;
    private JsonElement? only;
    private readonly Dictionary<string, JsonSchema> properties = new(StringComparer.Ordinal);
    private string[] required = [];
    private JsonSchema? additional, items;
    private Regex? pattern;
    private string? format;
    private int? minLength, maxLength, minItems, maxItems, minProperties, maxProperties;
    private double? minimum, maximum, above, below;
    private bool unique, never;

    private JsonSchema()
    {
    }

    /// <returns>The schema, or what in it cannot be used.</returns>
    public static Result<JsonSchema, string> Parse(JsonElement schema)
    {
        var left = MaxNodes;
        return Parse(schema, "", 1, ref left);
    }

    /// <returns>The first fault; null when the value fits.</returns>
    public SchemaFault? Check(JsonElement value) => Check(value, "");

    private static Result<JsonSchema, string> Parse(JsonElement element, string path, int depth, ref int left)
    {
        if (--left < 0) return $"it has more than {MaxNodes} parts";
        if (depth > MaxDepth) return $"it is nested deeper than {MaxDepth}";
        var schema = new JsonSchema();
        if (element.ValueKind is JsonValueKind.True) return schema;
        if (element.ValueKind is JsonValueKind.False) { schema.never = true; return schema; }
        if (element.ValueKind != JsonValueKind.Object) return $"\"{path}\" is an object, true or false";
        foreach (var member in element.EnumerateObject())
            if (schema.Read(member.Name, member.Value, $"{path}/{member.Name}", depth, ref left) is { } wrong) return wrong;
        return schema;
    }

    private string? Read(string keyword, JsonElement value, string path, int depth, ref int left)
    {
        switch (keyword)
        {
            case "title" or "description" or "$comment" or "$schema" or "default" or "examples" or "readOnly" or "writeOnly" or "deprecated":
                return null;
            case "type":
                type = value.ValueKind == JsonValueKind.String ? [value.GetString()!] : Texts(value);
                return type is { Length: > 0 } && type.All(types.Contains) ? null : $"\"{path}\" is one or several of {string.Join(", ", types)}";
            case "enum":
                if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxNames) return $"\"{path}\" is a list of 1 to {MaxNames} values";
                choices = [.. value.EnumerateArray().Select(v => v.Clone())];
                return null;
            case "const":
                only = value.Clone();
                return null;
            case "properties":
                if (value.ValueKind != JsonValueKind.Object) return $"\"{path}\" is an object";
                foreach (var member in value.EnumerateObject())
                {
                    if (!Parse(member.Value, $"{path}/{member.Name}", depth + 1, ref left).TryGet(out var inner, out var wrong)) return wrong;
                    properties[member.Name] = inner;
                }
                return null;
            case "required":
                if (Texts(value) is not { Length: <= MaxNames } names) return $"\"{path}\" is a list of at most {MaxNames} names";
                required = names;
                return null;
            case "additionalProperties":
                if (!Parse(value, path, depth + 1, ref left).TryGet(out additional, out var unread)) return unread;
                return null;
            case "items":
                if (!Parse(value, path, depth + 1, ref left).TryGet(out items, out var unreadable)) return unreadable;
                return null;
            case "uniqueItems":
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return $"\"{path}\" is true or false";
                unique = value.GetBoolean();
                return null;
            case "pattern":
                return ReadPattern(value, path);
            case "format":
                format = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
                return format is not null && formats.Contains(format) ? null : $"\"{path}\" is one of {string.Join(", ", formats)}";
            case "minLength": return Count(value, path, out minLength);
            case "maxLength": return Count(value, path, out maxLength);
            case "minItems": return Count(value, path, out minItems);
            case "maxItems": return Count(value, path, out maxItems);
            case "minProperties": return Count(value, path, out minProperties);
            case "maxProperties": return Count(value, path, out maxProperties);
            case "minimum": return Number(value, path, out minimum);
            case "maximum": return Number(value, path, out maximum);
            case "exclusiveMinimum": return Number(value, path, out above);
            case "exclusiveMaximum": return Number(value, path, out below);
            default:
                return $"\"{path}\" is not supported";
        }
    }

    private string? ReadPattern(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: <= MaxPatternLength } text) return $"\"{path}\" is a pattern of at most {MaxPatternLength} characters";
        try
        {
            pattern = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(250));
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return $"\"{path}\" is no pattern, or one that needs backtracking";
        }
    }

    private static string[]? Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) ? [.. value.EnumerateArray().Select(v => v.GetString()!)] : null;

    private static string? Count(JsonElement value, string path, out int? count)
    {
        count = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : null;
        return count is null ? $"\"{path}\" is a whole number from 0" : null;
    }

    private static string? Number(JsonElement value, string path, out double? number)
    {
        number = value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : null;
        return number is null ? $"\"{path}\" is a number" : null;
    }

    private SchemaFault? Check(JsonElement value, string path)
    {
        if (never) return new(path, "nothing may stand here");
        if (type is not null && !type.Any(t => IsOf(t, value))) return new(path, $"it is {string.Join(" or ", type)}");
        if (choices is not null && !choices.Any(c => JsonElement.DeepEquals(c, value))) return new(path, "it is not one of the values that are allowed");
        if (only is { } constant && !JsonElement.DeepEquals(constant, value)) return new(path, "it is not the value that is allowed");
        return value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(value, path),
            JsonValueKind.Array => CheckArray(value, path),
            JsonValueKind.String => CheckText(value.GetString()!) is { } why ? new(path, why) : null,
            JsonValueKind.Number => CheckNumber(value.GetDouble()) is { } why ? new(path, why) : null,
            _ => null,
        };
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),      // 1.0 is one, as §6.1.1 of Validation says
        _ => value.ValueKind == JsonValueKind.String,
    };

    private SchemaFault? CheckObject(JsonElement value, string path)
    {
        foreach (var name in required)
            if (!value.TryGetProperty(name, out _)) return new(path, $"{name} is missing");
        var count = value.GetPropertyCount();
        if (count < minProperties) return new(path, $"it has at least {minProperties} members");
        if (count > maxProperties) return new(path, $"it has at most {maxProperties} members");
        foreach (var member in value.EnumerateObject())
        {
            var at = $"{path}/{member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if ((properties.GetValueOrDefault(member.Name) ?? additional)?.Check(member.Value, at) is { } fault) return fault;
        }
        return null;
    }

    private SchemaFault? CheckArray(JsonElement value, string path)
    {
        var count = value.GetArrayLength();
        if (count < minItems) return new(path, $"it has at least {minItems} items");
        if (count > maxItems) return new(path, $"it has at most {maxItems} items");
        // Twice the same is found by comparing each with each: bounded, where a schema asks for it.
        if (unique && (count > 1000 || value.EnumerateArray().Where((v, i) => value.EnumerateArray().Skip(i + 1).Any(w => JsonElement.DeepEquals(v, w))).Any()))
            return new(path, "no two of its at most 1000 items are alike");
        if (items is null) return null;
        var index = 0;
        foreach (var item in value.EnumerateArray())
            if (items.Check(item, string.Create(CultureInfo.InvariantCulture, $"{path}/{index++}")) is { } fault) return fault;
        return null;
    }

    private string? CheckText(string text)
    {
        var length = text.EnumerateRunes().Count();
        if (length < minLength) return $"it has at least {minLength} characters";
        if (length > maxLength) return $"it has at most {maxLength} characters";
        if (format is not null && !HasFormat(format, text)) return $"it is no {format}";
        try
        {
            return pattern is null || pattern.IsMatch(text) ? null : "it does not match the pattern";
        }
        catch (RegexMatchTimeoutException)
        {
            return "it does not match the pattern in time";
        }
    }

    private static bool HasFormat(string format, string text) => format switch
    {
        "email" => text.Length <= 254 && text.IndexOf('@') is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)),
        // Shown to others as a link perhaps: never a script.
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0,
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => text.Length <= 40 && text.Contains('T', StringComparison.OrdinalIgnoreCase) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => Guid.TryParseExact(text, "D", out _),
    };

    private string? CheckNumber(double number)
    {
        if (number < minimum) return string.Create(CultureInfo.InvariantCulture, $"it is at least {minimum}");
        if (number > maximum) return string.Create(CultureInfo.InvariantCulture, $"it is at most {maximum}");
        if (number <= above) return string.Create(CultureInfo.InvariantCulture, $"it is more than {above}");
        return number >= below ? string.Create(CultureInfo.InvariantCulture, $"it is less than {below}") : null;
    }
}
