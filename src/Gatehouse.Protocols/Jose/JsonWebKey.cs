using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// A public key in the form of RFC 7517, RFC 7518 §6.2–6.3 or RFC 8037 §2. Immutable; it never holds private material. Parsing is in
/// <see cref="JsonWebKeyReader"/>, which is strict: what exists as an object is a sound key.
/// </summary>
public sealed class JsonWebKey
{
    private readonly byte[] first;      // EC and OKP: x. RSA: n
    private readonly byte[]? second;    // EC: y. RSA: e. OKP: none

    internal JsonWebKey(JwsKeyType keyType, string? curve, byte[] first, byte[]? second) =>
        (KeyType, Curve, this.first, this.second) = (keyType, curve, first, second);

    private JsonWebKey(JsonWebKey other)
        : this(other.KeyType, other.Curve, other.first, other.second) =>
        (KeyId, Use, KeyOperations, Algorithm) = (other.KeyId, other.Use, other.KeyOperations, other.Algorithm);

    public JwsKeyType KeyType { get; }

    /// <summary><c>crv</c>: <c>P-256</c>, <c>P-384</c>, <c>P-521</c>, <c>Ed25519</c>; null for RSA.</summary>
    public string? Curve { get; }
    public string? KeyId { get; internal init; }

    /// <summary><c>use</c>, when the document has it: <c>sig</c>, <c>enc</c> or something else.</summary>
    public string? Use { get; internal init; }
    public IReadOnlyList<string>? KeyOperations { get; internal init; }

    /// <summary><c>alg</c> as written, when the document has it; not necessarily an algorithm we know.</summary>
    public string? Algorithm { get; internal init; }

    /// <summary>The one signature algorithm this key is for: from <c>alg</c>, or else from its curve. Null for an RSA key that does not say.</summary>
    public JwsAlgorithm? SignatureAlgorithm => Algorithm is not null ? JwsAlgorithm.TryParse(Algorithm) : Curve switch
    {
        "P-256" => JwsAlgorithm.ES256,
        "P-384" => JwsAlgorithm.ES384,
        "P-521" => JwsAlgorithm.ES512,
        "Ed25519" => JwsAlgorithm.EdDSA,
        _ => null,
    };

    /// <summary>Bits of the modulus or of the curve's field.</summary>
    public int Size => KeyType switch
    {
        JwsKeyType.Rsa => first.Length * 8 - byte.LeadingZeroCount(first[0]),
        JwsKeyType.Ec => EllipticCurve.TryParse(Curve)!.FieldBits,
        _ => 256,
    };

    internal ReadOnlySpan<byte> X => first;
    internal bool IsOnItsCurve => EllipticCurve.TryParse(Curve)!.Contains(first, second);

    public static Result<JsonWebKey, JoseError> Parse(ReadOnlySpan<byte> utf8Json) => JsonWebKeyReader.Read(utf8Json);

    /// <summary>Parses a JWK that is part of a strictly parsed document, such as <see cref="JwsHeader.EmbeddedKey"/>.</summary>
    public static Result<JsonWebKey, JoseError> Parse(JsonElement element) => JsonWebKeyReader.Read(element);

    /// <summary>The same key under another <c>kid</c>, or under none.</summary>
    public JsonWebKey WithKeyId(string? keyId) => new(this) { KeyId = keyId };

    /// <summary>Writes the public members, then <c>kid</c>, <c>use</c>, <c>key_ops</c> and <c>alg</c> where they are set.</summary>
    public void WritePublic(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kty"u8, KeyTypeName);
        if (KeyType == JwsKeyType.Rsa)
        {
            writer.WriteString("n"u8, Base64UrlStrict.Encode(first));
            writer.WriteString("e"u8, Base64UrlStrict.Encode(second));
        }
        else
        {
            writer.WriteString("crv"u8, Curve);
            writer.WriteString("x"u8, Base64UrlStrict.Encode(first));
            if (second is not null) writer.WriteString("y"u8, Base64UrlStrict.Encode(second));
        }
        if (KeyId is not null) writer.WriteString("kid"u8, KeyId);
        if (Use is not null) writer.WriteString("use"u8, Use);
        if (KeyOperations is not null)
        {
            writer.WriteStartArray("key_ops"u8);
            foreach (var operation in KeyOperations) writer.WriteStringValue(operation);
            writer.WriteEndArray();
        }
        if (Algorithm is not null) writer.WriteString("alg"u8, Algorithm);
        writer.WriteEndObject();
    }

    /// <summary>RFC 7638 §3 with SHA-256, base64url: over the required members in lexicographic order and nothing else.</summary>
    public string Thumbprint()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (KeyType == JwsKeyType.Rsa) writer.WriteString("e"u8, Base64UrlStrict.Encode(second));
            else writer.WriteString("crv"u8, Curve);
            writer.WriteString("kty"u8, KeyTypeName);
            writer.WriteString(KeyType == JwsKeyType.Rsa ? "n"u8 : "x"u8, Base64UrlStrict.Encode(first));
            if (KeyType == JwsKeyType.Ec) writer.WriteString("y"u8, Base64UrlStrict.Encode(second));
            writer.WriteEndObject();
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return Base64UrlStrict.Encode(hash);
    }

    /// <summary>The same key with what its document says of it.</summary>
    internal JsonWebKey With(string? keyId, string? use, string[]? operations, string? algorithm) =>
        new(this) { KeyId = keyId, Use = use, KeyOperations = operations, Algorithm = algorithm };

    internal RSA CreateRsa() => RSA.Create(new RSAParameters { Modulus = first, Exponent = second });

    internal ECDsa CreateEcdsa() => ECDsa.Create(new ECParameters
    {
        Curve = EllipticCurve.TryParse(Curve)!.Curve,
        Q = new ECPoint { X = first, Y = second },
    });

    internal static JsonWebKey From(RSA rsa)
    {
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new(JwsKeyType.Rsa, null, parameters.Modulus!, parameters.Exponent!);
    }

    internal static JsonWebKey From(ECDsa ecdsa, EllipticCurve curve)
    {
        var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return new(JwsKeyType.Ec, curve.Name, point.X!, point.Y!);
    }

    /// <summary>The key with what a key of ours says of itself: its algorithm, <c>use: sig</c>, and its thumbprint as <c>kid</c>.</summary>
    internal JsonWebKey ForSigning(JwsAlgorithm algorithm) => new(this) { Algorithm = algorithm.Name, Use = "sig", KeyId = Thumbprint() };

    private string KeyTypeName => KeyType switch { JwsKeyType.Rsa => "RSA", JwsKeyType.Ec => "EC", _ => "OKP" };
}
