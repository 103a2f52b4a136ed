using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Jose;

/// <summary>A claims set (RFC 7519 §4), strictly read. Registered claims have their type or the whole set is refused.</summary>
public sealed class JwtClaims
{
    /// <summary>Seconds of the last whole second that a <see cref="DateTimeOffset"/> holds.</summary>
    private const long MaxNumericDate = 253402300799;

    private JwtClaims(JsonElement root) => Root = root;

    /// <summary>The whole object.</summary>
    public JsonElement Root { get; }
    public string? Issuer { get; private set; }
    public string? Subject { get; private set; }

    /// <summary>The audiences; empty when there is no <c>aud</c>.</summary>
    public IReadOnlyList<string> Audience { get; private set; } = [];

    /// <summary>Whether <c>aud</c> is one string and not an array: RFC 7523bis asks it of client assertions.</summary>
    public bool AudienceIsString { get; private set; }
    public DateTimeOffset? Expires { get; private set; }
    public DateTimeOffset? NotBefore { get; private set; }
    public DateTimeOffset? IssuedAt { get; private set; }
    public string? JwtId { get; private set; }

    public bool TryGet(string name, out JsonElement value) => Root.TryGetProperty(name, out value);

    /// <summary>The claim when it is a string; null when it is absent or anything else.</summary>
    public string? GetString(string name) => Root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The claim when it is a string or an array of strings; null when it is absent or anything else.</summary>
    public IReadOnlyList<string>? GetStrings(string name) => Root.TryGetProperty(name, out var value) ? Strings(value) : null;

    /// <summary>The claim when it is a NumericDate within range: an integer or a fraction, kept to the microsecond.</summary>
    public DateTimeOffset? GetTime(string name) => Root.TryGetProperty(name, out var value) ? Time(value) : null;

    internal static Result<JwtClaims, JoseError> Parse(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.TryParseObject(utf8, out var root)) return Invalid("The claims are not one strict JSON object.");
        var claims = new JwtClaims(root);
        if (root.TryGetProperty("iss", out var value) && (claims.Issuer = Text(value)) is null) return Invalid("iss is not a string.");
        if (root.TryGetProperty("sub", out value) && (claims.Subject = Text(value)) is null) return Invalid("sub is not a string.");
        if (root.TryGetProperty("jti", out value) && (claims.JwtId = Text(value)) is null) return Invalid("jti is not a string.");
        if (root.TryGetProperty("exp", out value) && (claims.Expires = Time(value)) is null) return Invalid("exp is not a date in range.");
        if (root.TryGetProperty("nbf", out value) && (claims.NotBefore = Time(value)) is null) return Invalid("nbf is not a date in range.");
        if (root.TryGetProperty("iat", out value) && (claims.IssuedAt = Time(value)) is null) return Invalid("iat is not a date in range.");
        if (root.TryGetProperty("aud", out value))
        {
            if (Strings(value) is not { } audience) return Invalid("aud is neither a string nor an array of strings.");
            (claims.Audience, claims.AudienceIsString) = (audience, value.ValueKind == JsonValueKind.String);
        }
        return claims;
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string[]? Strings(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array) return null;
        var strings = new string[value.GetArrayLength()];
        var count = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) return null;
            strings[count++] = item.GetString()!;
        }
        return strings;
    }

    private static DateTimeOffset? Time(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number) return null;
        if (value.TryGetInt64(out var seconds))
            return seconds is >= 0 and <= MaxNumericDate ? DateTimeOffset.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond) : null;
        if (!value.TryGetDecimal(out var fraction) || fraction is < 0 or > MaxNumericDate) return null;
        return DateTimeOffset.UnixEpoch.AddTicks((long)(fraction * 1_000_000) * TimeSpan.TicksPerMicrosecond);
    }

    private static JoseError Invalid(string detail) => new(JoseError.ClaimsInvalid, detail);
}
