using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Jose;

/// <summary>The protected header of a compact JWS: RFC 7515 §4.1, strictly read.</summary>
public sealed class JwsHeader
{
    private readonly JsonElement root;

    private JwsHeader(JsonElement root, JwsAlgorithm algorithm) => (this.root, Algorithm) = (root, algorithm);

    public JwsAlgorithm Algorithm { get; }
    public string? Type { get; private init; }

    /// <summary>Data to compare with known keys; never a path or an address.</summary>
    public string? KeyId { get; private init; }

    /// <summary>
    /// <c>jwk</c>, where a specification gives it a meaning, as DPoP does (RFC 9449 §4.2). Verification never uses it by itself.
    /// </summary>
    public JsonElement? EmbeddedKey => root.TryGetProperty("jwk", out var jwk) ? jwk : null;

    /// <summary>Any other member, such as <c>cty</c> or <c>trust_chain</c>.</summary>
    public bool TryGet(string name, out JsonElement value) => root.TryGetProperty(name, out value);

    internal static Result<JwsHeader, JoseError> Parse(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.TryParseObject(utf8, out var root)) return Invalid("The header is not one strict JSON object.");
        // RFC 7515 §4.1.11: every name in crit must be understood. We understand none, and an empty list is forbidden.
        if (root.TryGetProperty("crit", out _)) return new JoseError(JoseError.CriticalUnsupported, "crit is not supported.");
        // RFC 7797 §3: an unencoded payload changes what was signed.
        if (root.TryGetProperty("b64", out var b64) && b64.ValueKind != JsonValueKind.True)
            return new JoseError(JoseError.CriticalUnsupported, "b64 is not supported.");
        if (!TryText(root, "alg", out var alg) || alg is null) return Invalid("alg is missing or not a string.");
        if (!TryText(root, "typ", out var type)) return Invalid("typ is not a string.");
        if (!TryText(root, "kid", out var keyId)) return Invalid("kid is not a string.");
        if (JwsAlgorithm.TryParse(alg) is not { IsAvailable: true } algorithm)
            return new JoseError(JoseError.AlgorithmUnsupported, "alg is none, unknown or not available.");
        return new JwsHeader(root, algorithm) { Type = type, KeyId = keyId };
    }

    /// <summary>RFC 7515 §4.1.9: a media type, case-insensitive, whose <c>application/</c> may be left out.</summary>
    internal bool HasType(string expected) => MediaType(Type).Equals(MediaType(expected), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> MediaType(string? type)
    {
        const string Prefix = "application/";
        var text = type.AsSpan();
        return text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !text[Prefix.Length..].Contains('/') ? text[Prefix.Length..] : text;
    }

    private static bool TryText(JsonElement root, string name, out string? text)
    {
        text = null;
        if (!root.TryGetProperty(name, out var value)) return true;
        if (value.ValueKind != JsonValueKind.String) return false;
        text = value.GetString();
        return true;
    }

    private static JoseError Invalid(string detail) => new(JoseError.HeaderInvalid, detail);
}
