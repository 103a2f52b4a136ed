using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Gatehouse.Protocols.Jose;

/// <summary>The <c>kty</c> families of RFC 7518 §6.1 and RFC 8037 §2.</summary>
public enum JwsKeyType { Ec, Rsa, Okp, Octets }

/// <summary>A signature algorithm of RFC 7518 §3.1 or RFC 8037 §3.1. There is no <c>none</c>: it cannot be named.</summary>
public sealed class JwsAlgorithm
{
    public static readonly JwsAlgorithm ES256 = new("ES256", JwsKeyType.Ec, HashAlgorithmName.SHA256, 64, curve: EllipticCurve.P256);
    public static readonly JwsAlgorithm ES384 = new("ES384", JwsKeyType.Ec, HashAlgorithmName.SHA384, 96, curve: EllipticCurve.P384);
    public static readonly JwsAlgorithm ES512 = new("ES512", JwsKeyType.Ec, HashAlgorithmName.SHA512, 132, curve: EllipticCurve.P521);
    public static readonly JwsAlgorithm RS256 = new("RS256", JwsKeyType.Rsa, HashAlgorithmName.SHA256, 0, RSASignaturePadding.Pkcs1);
    public static readonly JwsAlgorithm RS384 = new("RS384", JwsKeyType.Rsa, HashAlgorithmName.SHA384, 0, RSASignaturePadding.Pkcs1);
    public static readonly JwsAlgorithm RS512 = new("RS512", JwsKeyType.Rsa, HashAlgorithmName.SHA512, 0, RSASignaturePadding.Pkcs1);
    public static readonly JwsAlgorithm PS256 = new("PS256", JwsKeyType.Rsa, HashAlgorithmName.SHA256, 0, RSASignaturePadding.Pss);
    public static readonly JwsAlgorithm PS384 = new("PS384", JwsKeyType.Rsa, HashAlgorithmName.SHA384, 0, RSASignaturePadding.Pss);
    public static readonly JwsAlgorithm PS512 = new("PS512", JwsKeyType.Rsa, HashAlgorithmName.SHA512, 0, RSASignaturePadding.Pss);

    /// <summary>Ed25519 only. Needs libsodium: see <see cref="EdDsa.IsAvailable"/>.</summary>
    public static readonly JwsAlgorithm EdDSA = new("EdDSA", JwsKeyType.Okp, default, 64);

    /// <summary>Only with a client's own secret: <see cref="HmacKey"/>.</summary>
    public static readonly JwsAlgorithm HS256 = new("HS256", JwsKeyType.Octets, HashAlgorithmName.SHA256, 32);

    private static readonly ImmutableArray<JwsAlgorithm> all = [ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA, HS256];

    private JwsAlgorithm(string name, JwsKeyType keyType, HashAlgorithmName hash, int signatureLength,
        RSASignaturePadding? padding = null, EllipticCurve? curve = null) =>
        (Name, KeyType, Hash, SignatureLength, Padding, Curve) = (name, keyType, hash, signatureLength, padding, curve);

    /// <summary>The <c>alg</c> value, compared case-sensitively.</summary>
    public string Name { get; }
    public JwsKeyType KeyType { get; }
    public bool IsAsymmetric => KeyType != JwsKeyType.Octets;

    /// <summary>The digest; <c>default</c> for EdDSA, which hashes inside.</summary>
    public HashAlgorithmName Hash { get; }

    /// <summary>Bytes of a signature; 0 for RSA, where it is the length of the modulus.</summary>
    public int SignatureLength { get; }

    /// <summary>Whether this process can compute it.</summary>
    public bool IsAvailable => KeyType != JwsKeyType.Okp || EdDsa.IsAvailable;

    /// <summary>The asymmetric algorithms this process can compute, for discovery documents: best default first.</summary>
    public static ImmutableArray<JwsAlgorithm> Offered { get; } = [.. all.Where(a => a.IsAsymmetric && a.IsAvailable)];

    internal RSASignaturePadding? Padding { get; }
    internal EllipticCurve? Curve { get; }

    /// <summary>The algorithm of this exact name, or null: unknown names and <c>none</c> alike.</summary>
    public static JwsAlgorithm? TryParse(string? name) => name switch
    {
        "ES256" => ES256,
        "ES384" => ES384,
        "ES512" => ES512,
        "RS256" => RS256,
        "RS384" => RS384,
        "RS512" => RS512,
        "PS256" => PS256,
        "PS384" => PS384,
        "PS512" => PS512,
        "EdDSA" => EdDSA,
        "HS256" => HS256,
        _ => null,
    };

    public override string ToString() => Name;
}
