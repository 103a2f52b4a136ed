using System.Text.Json;
using System.Text.Unicode;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// JSON as security needs it (RFC 8725 §3.7, RFC 7515 §4): one object, valid UTF-8, no duplicate member at any depth, no comment, no
/// trailing comma or data, at most <see cref="MaxDepth"/> levels, and no escape that is half a surrogate pair (reading it would throw).
/// </summary>
internal static class StrictJson
{
    public const int MaxDepth = 16;

    private static readonly JsonDocumentOptions options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public static bool TryParseObject(ReadOnlySpan<byte> utf8, out JsonElement root)
    {
        root = default;
        if (!Utf8.IsValid(utf8)) return false;
        try
        {
            if (utf8.Contains((byte)'\\')) ReadEveryText(utf8);
            root = JsonElement.Parse(utf8, options);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;   // what the reader throws for half a surrogate pair
        }
        return root.ValueKind == JsonValueKind.Object;
    }

    private static void ReadEveryText(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) reader.GetString();
        }
    }
}
