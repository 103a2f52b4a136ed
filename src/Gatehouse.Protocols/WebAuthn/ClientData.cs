using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>What the browser says of a ceremony: <c>CollectedClientData</c>, WebAuthn §5.8.1. Members that are not listed there are ignored, as §5.8.1 asks.</summary>
/// <param name="CrossOrigin">In a frame that is not same-origin with all that hold it.</param>
/// <param name="TopOrigin">The outermost page's origin, said only then.</param>
public sealed record ClientData(string Type, byte[] Challenge, string Origin, bool CrossOrigin, string? TopOrigin)
{
    /// <summary>Browsers write less than 400 bytes; the rest is for members to come.</summary>
    public const int MaxLength = 4096;

    /// <summary>Reads it strictly: one object, UTF-8 without a mark at its beginning, no member twice.</summary>
    public static Result<ClientData, WebAuthnError> Parse(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > MaxLength) return new WebAuthnError(WebAuthnError.TooLarge, "The client data is longer than we read.");
        if (!StrictJson.TryParseObject(utf8Json, out var root)) return Invalid("The client data is not one strict JSON object.");
        if (Text(root, "type") is not { } type || Text(root, "challenge") is not { } encoded || Text(root, "origin") is not { } origin) return Invalid("type, challenge or origin is missing or not a string.");
        if (!Base64UrlStrict.TryDecode(encoded, out var challenge)) return Invalid("challenge is not canonical base64url.");
        var cross = false;
        if (root.TryGetProperty("crossOrigin", out var flag))
        {
            if (flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return Invalid("crossOrigin is not a boolean.");
            cross = flag.ValueKind == JsonValueKind.True;
        }
        var top = Text(root, "topOrigin");
        return top is null && root.TryGetProperty("topOrigin", out _) ? Invalid("topOrigin is not a string.") : new ClientData(type, challenge, origin, cross, top);
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static WebAuthnError Invalid(string detail) => new(WebAuthnError.ClientDataInvalid, detail);
}
