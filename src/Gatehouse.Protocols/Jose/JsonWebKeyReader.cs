using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// Reads one public JWK (RFC 7517 §4). Members that we do not use, certificates (<c>x5c</c>, <c>x5u</c>, <c>x5t</c>) among them, are
/// ignored: they never lead to a key.
/// </summary>
internal static class JsonWebKeyReader
{
    public const int MinRsaBits = 2048;

    /// <summary>Verification costs the square of it; nobody needs more.</summary>
    public const int MaxRsaBits = 8192;

    /// <summary>Bytes of the largest public exponent taken; the cost of a verification grows with it.</summary>
    private const int MaxExponentLength = 8;

    private static readonly string[] privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

    public static Result<JsonWebKey, JoseError> Read(ReadOnlySpan<byte> utf8Json) =>
        StrictJson.TryParseObject(utf8Json, out var root) ? Read(root) : Invalid("The key is not one strict JSON object.");

    public static Result<JsonWebKey, JoseError> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return Invalid("The key is not a JSON object.");
        foreach (var name in privateMembers)
            if (root.TryGetProperty(name, out _)) return new JoseError(JoseError.KeyPrivate, "The key holds private or secret members.");

        if (!TryText(root, "kty", out var kty) || kty is null) return Invalid("kty is missing or not a string.");
        if (!TryText(root, "kid", out var kid)) return Invalid("kid is not a string.");
        if (!TryText(root, "use", out var use)) return Invalid("use is not a string.");
        if (!TryText(root, "alg", out var alg)) return Invalid("alg is not a string.");
        if (!TryOperations(root, out var operations)) return Invalid("key_ops is not an array of distinct strings.");

        var material = kty switch
        {
            "EC" => ReadEc(root),
            "RSA" => ReadRsa(root),
            "OKP" => ReadOkp(root),
            _ => Unsupported("This kty is not supported."),
        };
        if (!material.TryGet(out var key, out var error)) return error;
        if (JwsAlgorithm.TryParse(alg) is { } algorithm && (algorithm.KeyType != key.KeyType || algorithm.Curve is { } curve && curve.Name != key.Curve))
            return Invalid("alg does not fit the key.");
        return key.With(kid, use, operations, alg);
    }

    private static Result<JsonWebKey, JoseError> ReadEc(JsonElement root)
    {
        if (!TryText(root, "crv", out var name) || name is null) return Invalid("crv is missing or not a string.");
        if (EllipticCurve.TryParse(name) is not { } curve) return Unsupported("This curve is not supported.");
        if (!TryBytes(root, "x", out var x) || !TryBytes(root, "y", out var y)) return Invalid("x or y is missing or not canonical base64url.");
        // RFC 7518 §6.2.1.2: the full size of a coordinate, leading zeros included.
        if (x.Length != curve.CoordinateLength || y.Length != curve.CoordinateLength) return Invalid("x or y has the wrong length.");
        if (!curve.Contains(x, y)) return Invalid("The point is not on the curve.");
        return new JsonWebKey(JwsKeyType.Ec, curve.Name, x, y);
    }

    private static Result<JsonWebKey, JoseError> ReadRsa(JsonElement root)
    {
        if (!TryBytes(root, "n", out var n) || !TryBytes(root, "e", out var e)) return Invalid("n or e is missing or not canonical base64url.");
        // RFC 7518 §2, Base64urlUInt: no leading zero octets. An even modulus or exponent is no RSA key.
        if (n.Length == 0 || n[0] == 0 || (n[^1] & 1) == 0) return Invalid("n is not a positive odd number in its shortest form.");
        if (e.Length == 0 || e[0] == 0 || (e[^1] & 1) == 0 || e is [1]) return Invalid("e is not an odd number of at least 3 in its shortest form.");
        var key = new JsonWebKey(JwsKeyType.Rsa, null, n, e);
        if (key.Size is < MinRsaBits or > MaxRsaBits) return Unsupported("RSA keys have 2048 to 8192 bits.");
        if (e.Length > MaxExponentLength) return Unsupported("The public exponent is longer than 64 bits.");
        return key;
    }

    private static Result<JsonWebKey, JoseError> ReadOkp(JsonElement root)
    {
        if (!TryText(root, "crv", out var name) || name is null) return Invalid("crv is missing or not a string.");
        if (name != "Ed25519") return Unsupported("This curve is not supported.");
        if (!TryBytes(root, "x", out var x)) return Invalid("x is missing or not canonical base64url.");
        if (x.Length != EdDsa.PublicKeyLength) return Invalid("x has the wrong length.");
        return new JsonWebKey(JwsKeyType.Okp, name, x, null);
    }

    /// <summary>True with null when the member is absent; false when it is there and not a string.</summary>
    private static bool TryText(JsonElement root, string name, out string? text)
    {
        text = null;
        if (!root.TryGetProperty(name, out var value)) return true;
        if (value.ValueKind != JsonValueKind.String) return false;
        text = value.GetString();
        return true;
    }

    private static bool TryBytes(JsonElement root, string name, out byte[] bytes)
    {
        bytes = [];
        if (!TryText(root, name, out var text) || text is null || !Base64UrlStrict.TryDecode(text, out var decoded)) return false;
        bytes = decoded;
        return true;
    }

    private static bool TryOperations(JsonElement root, out string[]? operations)
    {
        operations = null;
        if (!root.TryGetProperty("key_ops", out var value)) return true;
        if (value.ValueKind != JsonValueKind.Array) return false;
        operations = new string[value.GetArrayLength()];
        var count = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) return false;
            var operation = item.GetString()!;
            if (operations.AsSpan(0, count).Contains(operation)) return false;   // RFC 7517 §4.3: duplicates MUST NOT be present
            operations[count++] = operation;
        }
        return true;
    }

    private static JoseError Invalid(string detail) => new(JoseError.KeyInvalid, detail);
    private static Result<JsonWebKey, JoseError> Unsupported(string detail) => new JoseError(JoseError.KeyUnsupported, detail);
}
