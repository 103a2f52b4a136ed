using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Http;

/// <summary>Strings in JSON bodies without NUL: PostgreSQL cannot keep one, and a lone surrogate is not Unicode text at all.</summary>
internal sealed class NoNulText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) throw new JsonException("A string is expected here.");
        string? text;
        try { text = reader.GetString(); }
        catch (InvalidOperationException e) { throw new JsonException("A string is not valid Unicode.", e); }
        return text is not null && text.Contains('\0') ? throw new JsonException("A string holds a NUL character.") : text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options)!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}
