using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>
/// A credential's public key (WebAuthn §6.5.1.1, RFC 9052 §7, RFC 9053): for one algorithm, with no member beyond those its kind needs.
/// A value of this type is sound: points lie on their curve, RSA has 2048 to 8192 bits.
/// </summary>
public sealed class CoseKey
{
    public const long ES256 = -7, ES384 = -35, ES512 = -36, RS256 = -257, EdDSA = -8;

    /// <summary>The largest encoded key: RSA with 8192 bits.</summary>
    public const int MaxLength = 1100;

    private const int MaxExponentLength = 8;

    private readonly EllipticCurve? curve;

    private CoseKey(long algorithm, EllipticCurve? curve, byte[] x, byte[] y) => (Algorithm, this.curve, X, Y) = (algorithm, curve, x, y);

    /// <summary>The algorithms this process can verify, best default first: <c>pubKeyCredParams</c>.</summary>
    public static ImmutableArray<long> Offered { get; } = EdDsa.IsAvailable ? [ES256, EdDSA, RS256, ES384, ES512] : [ES256, RS256, ES384, ES512];

    public long Algorithm { get; }

    /// <summary>The coordinate or Ed25519's point; an RSA key's modulus.</summary>
    internal byte[] X { get; }

    /// <summary>The other coordinate; an RSA key's exponent; empty for Ed25519.</summary>
    internal byte[] Y { get; }

    /// <summary>Reads the key as it was stored.</summary>
    public static Result<CoseKey, WebAuthnError> Parse(ReadOnlySpan<byte> cose) =>
        cose.Length > MaxLength ? new WebAuthnError(WebAuthnError.TooLarge, "The key is longer than any we take.")
        : CborParser.TryReadAll(cose, out var item) ? Read(item)
        : Invalid("The key is not one CBOR item.");

    internal static Result<CoseKey, WebAuthnError> Read(CborItem map)
    {
        if (map.Kind != CborKind.Map || map.NumberAt(1) is not { } type || map.NumberAt(3) is not { } algorithm) return Invalid("kty or alg is missing.");
        return (type, algorithm) switch
        {
            (2, ES256) => ReadEc(map, algorithm, 1, EllipticCurve.P256),
            (2, ES384) => ReadEc(map, algorithm, 2, EllipticCurve.P384),
            (2, ES512) => ReadEc(map, algorithm, 3, EllipticCurve.P521),
            (3, RS256) => ReadRsa(map),
            (1, EdDSA) when EdDsa.IsAvailable => ReadOkp(map),
            _ => new WebAuthnError(WebAuthnError.AlgorithmUnsupported, "The key's type and algorithm are not supported together."),
        };
    }

    /// <summary>Whether the signature, in the form of WebAuthn §6.5.5, is this key's.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            switch (Algorithm)
            {
                case EdDSA:
                    return EdDsa.Verify(X, data, signature);
                case RS256:
                    using (var rsa = RSA.Create(new RSAParameters { Modulus = X, Exponent = Y }))
                        return SignatureCheck.Rsa(rsa, data, signature);
                default:
                    using (var ecdsa = ECDsa.Create(new ECParameters { Curve = curve!.Curve, Q = new() { X = X, Y = Y } }))
                        return SignatureCheck.Ecdsa(ecdsa, Algorithm, data, signature);
            }
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whether an attestation certificate is about this very key.</summary>
    internal bool IsKeyOf(X509Certificate2 certificate)
    {
        if (curve is not null)
        {
            using var ecdsa = certificate.GetECDsaPublicKey();
            if (ecdsa is null) return false;
            var q = ecdsa.ExportParameters(false).Q;
            return q.X.AsSpan().SequenceEqual(X) && q.Y.AsSpan().SequenceEqual(Y);
        }
        if (Algorithm != RS256) return false;
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is null) return false;
        var key = rsa.ExportParameters(false);
        return key.Modulus.AsSpan().SequenceEqual(X) && key.Exponent.AsSpan().SequenceEqual(Y);
    }

    private static Result<CoseKey, WebAuthnError> ReadEc(CborItem map, long algorithm, long curveId, EllipticCurve curve)
    {
        if (map.Entries.Count != 5 || map.NumberAt(-1) != curveId) return Invalid("The key is not one of its algorithm's curve, or holds more than a key.");
        // A compressed point has a boolean y: WebAuthn §5.8.5 forbids it.
        if (map.BytesAt(-2) is not { } x || map.BytesAt(-3) is not { } y || x.Length != curve.CoordinateLength || y.Length != curve.CoordinateLength)
            return Invalid("x or y is missing or has the wrong length.");
        return curve.Contains(x, y) ? new CoseKey(algorithm, curve, x, y) : Invalid("The point is not on the curve.");
    }

    private static Result<CoseKey, WebAuthnError> ReadRsa(CborItem map)
    {
        if (map.Entries.Count != 4 || map.BytesAt(-1) is not { } n || map.BytesAt(-2) is not { } e) return Invalid("n or e is missing, or the key holds more than a key.");
        if (n.Length == 0 || n[0] == 0 || (n[^1] & 1) == 0 || e.Length == 0 || e[0] == 0 || (e[^1] & 1) == 0 || e is [1]) return Invalid("n or e is no odd number in its shortest form.");
        var bits = n.Length * 8 - byte.LeadingZeroCount(n[0]);
        if (bits is < JsonWebKeyReader.MinRsaBits or > JsonWebKeyReader.MaxRsaBits || e.Length > MaxExponentLength) return Invalid("RSA keys have 2048 to 8192 bits and an exponent of at most 64.");
        return new CoseKey(RS256, null, n, e);
    }

    private static Result<CoseKey, WebAuthnError> ReadOkp(CborItem map) =>
        map.Entries.Count == 4 && map.NumberAt(-1) == 6 && map.BytesAt(-2) is { Length: EdDsa.PublicKeyLength } x
            ? new CoseKey(EdDSA, null, x, [])
            : Invalid("The key is not one Ed25519 key.");

    private static WebAuthnError Invalid(string detail) => new(WebAuthnError.KeyInvalid, detail);
}
