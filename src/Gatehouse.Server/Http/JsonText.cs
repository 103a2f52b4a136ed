using System.Text.Json;

namespace Gatehouse.Http;

/// <summary>What can be wrong with JSON that is JSON.</summary>
public static class JsonText
{
    /// <summary>Whether every escaped text in it is one: half a surrogate pair is JSON, and no string that could be read later.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool IsText(ReadOnlySpan<byte> json)
    {
        if (!json.Contains((byte)'\\')) return true;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
