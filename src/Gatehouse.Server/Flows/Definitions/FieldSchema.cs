using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gatehouse.Kernel;
using Gatehouse.Users;

namespace Gatehouse.Flows.Definitions;

/// <summary>
/// What a value that a person is asked for must be like: the part of JSON Schema (2020-12) that one line of a form can answer. Values come as text, from
/// pages and programs alike, and leave as JSON of the type.
/// </summary>
/// <param name="Type"><c>string</c>, <c>boolean</c>, <c>integer</c>, <c>number</c>.</param>
/// <param name="Choices">The only values there are; null: any.</param>
/// <param name="Pattern">Matched anywhere, as JSON Schema has it; never backtracks, so that no text makes it slow.</param>
public sealed record FieldSchema(string Type, IReadOnlyList<string>? Choices, int MinLength, int MaxLength, string? Pattern, string? Format, decimal? Minimum, decimal? Maximum)
{
    /// <summary>Most characters of a text where the schema says nothing, and where it says something.</summary>
    public const int UsualLength = 200, LongestText = 2000;

    private const long MaxSafeInteger = 9007199254740991;       // 2^53 − 1: what every reader of JSON keeps
    private readonly Regex? pattern = Pattern is null ? null : Compile(Pattern);

    public static FieldSchema Text { get; } = new("string", null, 0, UsualLength, null, null, null, null);

    /// <exception cref="ArgumentException">It is no pattern.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking: look-arounds, references to groups.</exception>
    internal static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(250));

    /// <summary>The value as JSON, or what is wrong with it.</summary>
    /// <returns><c>value_too_short</c>, <c>value_too_long</c>, <c>value_pattern</c>, <c>value_choice</c>, <c>value_email</c>, <c>value_uri</c>, <c>value_date</c>, <c>value_number</c>, <c>value_too_small</c>, <c>value_too_large</c>, <c>value_invalid</c>.</returns>
    public Result<JsonValue, string> Read(string typed)
    {
        var text = typed.Trim();
        if (text.Length > LongestText) return "value_too_long";
        foreach (var c in text)
            if (char.IsControl(c)) return "value_invalid";
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done) return "value_invalid";
            rest = rest[used..];
        }
        return Type switch
        {
            "boolean" => text switch { "true" => JsonValue.Create(true), "false" => JsonValue.Create(false), _ => "value_choice" },
            "integer" or "number" => ReadNumber(Ascii(text)),
            _ => ReadText(Format == "date" ? Ascii(text) : text.Normalize(NormalizationForm.FormC)),
        };
    }

    private Result<JsonValue, string> ReadText(string text)
    {
        var length = text.EnumerateRunes().Count();
        if (length < MinLength) return "value_too_short";
        if (length > MaxLength) return "value_too_long";
        if (Choices is not null && !Choices.Contains(text, StringComparer.Ordinal)) return "value_choice";
        switch (Format)
        {
            case "email" when !EmailAddress.Parse(text).TryGet(out _, out _):
                return "value_email";
            // Shown to others as a link perhaps: never a script.
            case "uri" when !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0:
                return "value_uri";
            case "date" when !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _):
                return "value_date";
        }
        try
        {
            return pattern is null || pattern.IsMatch(text) ? JsonValue.Create(text) : "value_pattern";
        }
        catch (RegexMatchTimeoutException)
        {
            return "value_pattern";
        }
    }

    private Result<JsonValue, string> ReadNumber(string text)
    {
        if (text.Length > 30 || !decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return "value_number";
        if (Type == "integer" && (value != decimal.Truncate(value) || Math.Abs(value) > MaxSafeInteger)) return "value_number";
        if (value < Minimum) return "value_too_small";
        if (value > Maximum) return "value_too_large";
        if (Choices is not null && !Choices.Any(c => decimal.Parse(c, CultureInfo.InvariantCulture) == value)) return "value_choice";
        return Type == "integer" ? JsonValue.Create((long)value) : JsonValue.Create(value);
    }

    /// <summary>A person writes numbers with the digits of her keyboard.</summary>
    private static string Ascii(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = from[i] switch { >= '۰' and <= '۹' and var c => (char)(c - '۰' + '0'), >= '٠' and <= '٩' and var c => (char)(c - '٠' + '0'), '٫' => '.', '−' => '-', var c => c };
    });

    /// <summary>As a program reads it.</summary>
    public JsonObject Describe()
    {
        JsonObject schema = new() { ["type"] = Type };
        if (Choices is not null) schema["enum"] = new JsonArray([.. Choices.Select(c => Type == "string" ? (JsonNode)JsonValue.Create(c) : JsonNode.Parse(c)!)]);
        if (Type == "string")
        {
            if (MinLength > 0) schema["minLength"] = MinLength;
            schema["maxLength"] = MaxLength;
        }
        if (Pattern is not null) schema["pattern"] = Pattern;
        if (Format is not null) schema["format"] = Format;
        if (Minimum is { } least) schema["minimum"] = least;
        if (Maximum is { } most) schema["maximum"] = most;
        return schema;
    }
}
