using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>
/// A tenant's own facts about a user: one JSON object, at most 16 KiB and 8 deep, without the few things that JSON allows and PostgreSQL's
/// <c>jsonb</c> does not keep (NUL, lone surrogates, numbers beyond double precision's range).
/// </summary>
public readonly record struct UserAttributes(string Json)
{
    public const int MaxBytes = 16 * 1024, MaxDepth = 8, MaxNumberLength = 64;

    // Characters beyond ASCII as themselves: escaped they would take up six times their share of the limit.
    private static readonly JavaScriptEncoder Plain = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>What one of a user's attributes is, for filters: one value, or those of a list.</summary>
    public static IEnumerable<object?> ValuesOf(User user, string name)
    {
        using var document = JsonDocument.Parse(user.Attributes);
        if (!document.RootElement.TryGetProperty(name, out var value)) return [];
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(ValueOf)] : [ValueOf(value)];
    }

    private static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? number : null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    internal static UserAttributes None { get; } = new("{}");

    /// <returns>The object, written compactly, or <c>attributes_invalid</c>. Null is the empty object.</returns>
    public static Result<UserAttributes, Problem> Parse(JsonElement? value)
    {
        if (value is not { } element || element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return None;
        if (element.ValueKind != JsonValueKind.Object || !IsKept(element, 1)) return Invalid;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Plain })) element.WriteTo(writer);
        return buffer.WrittenCount <= MaxBytes ? new UserAttributes(Encoding.UTF8.GetString(buffer.WrittenSpan)) : Invalid;
    }

    /// <summary>RFC 7396: what is null goes, objects merge, everything else is replaced.</summary>
    /// <returns>The object after the patch, or <c>attributes_invalid</c>. A null patch clears all.</returns>
    public static Result<UserAttributes, Problem> Merge(string current, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object) return Parse(patch);
        if (!IsKept(patch, 1)) return Invalid;
        var merged = (JsonObject)JsonNode.Parse(current)!;
        Merge(merged, patch);
        using var document = JsonDocument.Parse(merged.ToJsonString());
        return Parse(document.RootElement);
    }

    private static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) target.Remove(member.Name);
            else if (member.Value.ValueKind != JsonValueKind.Object) target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            else
            {
                if (target[member.Name] is not JsonObject inner) target[member.Name] = inner = [];
                Merge(inner, member.Value);
            }
        }
    }

    private static bool IsKept(JsonElement value, int depth)
    {
        if (depth > MaxDepth) return false;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                    if (!TryText(member) || !IsKept(member.Value, depth + 1)) return false;
                return true;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    if (!IsKept(item, depth + 1)) return false;
                return true;
            case JsonValueKind.String: return TryText(value);
            case JsonValueKind.Number: return IsKeptNumber(value);
            default: return true;
        }
    }

    private static bool IsKeptNumber(JsonElement value)
    {
        var text = value.GetRawText();
        if (text.Length > MaxNumberLength || !double.IsFinite(value.GetDouble())) return false;
        // 1e-400 reads as zero, and 0e5 is one.
        var exponent = text.AsSpan().IndexOfAny('e', 'E');
        var digits = exponent < 0 ? text.AsSpan() : text.AsSpan(0, exponent);
        return value.GetDouble() != 0 || !digits.ContainsAnyInRange('1', '9');
    }

    private static bool TryText(JsonElement value)
    {
        try { return !value.GetString()!.Contains('\0', StringComparison.Ordinal); }
        catch (InvalidOperationException) { return false; }     // an escaped lone surrogate
    }

    private static bool TryText(JsonProperty member)
    {
        try { return !member.Name.Contains('\0', StringComparison.Ordinal); }
        catch (InvalidOperationException) { return false; }
    }

    private static Problem Invalid { get; } =
        Problem.Invalid("attributes_invalid", $"attributes is a JSON object of at most {MaxBytes / 1024} KiB and {MaxDepth} levels, without NUL characters or numbers out of range.", "attributes");
}
