using System.Security.Cryptography;

namespace Gatehouse.Protocols.Jose;

/// <summary>A private key for one asymmetric algorithm. Safe for concurrent use; signing allocates nothing of its own.</summary>
public abstract class SigningKey : IDisposable
{
    public const int DefaultRsaBits = 2048;

    private readonly JwsHeaderCache headers = new();

    private protected SigningKey(JwsAlgorithm algorithm, JsonWebKey publicKey) =>
        (Algorithm, PublicKey) = (algorithm, publicKey.ForSigning(algorithm));

    public JwsAlgorithm Algorithm { get; }

    /// <summary>The public half, with <c>alg</c>, <c>use: sig</c> and its thumbprint as <c>kid</c>.</summary>
    public JsonWebKey PublicKey { get; }

    /// <summary>Bytes of a signature.</summary>
    public abstract int SignatureLength { get; }

    /// <exception cref="PlatformNotSupportedException">EdDSA without libsodium.</exception>
    public static SigningKey Generate(JwsAlgorithm algorithm, int rsaBits = DefaultRsaBits)
    {
        switch (algorithm.KeyType)
        {
            case JwsKeyType.Ec:
                using (var ecdsa = ECDsa.Create(algorithm.Curve!.Curve)) return new EcSigningKey(algorithm, ecdsa.ExportPkcs8PrivateKey());
            case JwsKeyType.Rsa:
                using (var rsa = RSA.Create(rsaBits)) return new RsaSigningKey(algorithm, rsa.ExportPkcs8PrivateKey());
            case JwsKeyType.Okp:
                Span<byte> seed = stackalloc byte[EdDsa.SeedLength];
                RandomNumberGenerator.Fill(seed);
                var key = new EdSigningKey(algorithm, seed);
                CryptographicOperations.ZeroMemory(seed);
                return key;
            default:
                throw new ArgumentException("A signing key has an asymmetric algorithm.", nameof(algorithm));
        }
    }

    /// <summary>Takes an unencrypted PKCS#8 PrivateKeyInfo (RFC 5208, RFC 8410) and nothing behind it.</summary>
    /// <exception cref="CryptographicException">It is no private key for this algorithm.</exception>
    /// <exception cref="PlatformNotSupportedException">EdDSA without libsodium.</exception>
    public static SigningKey ImportPkcs8(JwsAlgorithm algorithm, ReadOnlySpan<byte> pkcs8) => algorithm.KeyType switch
    {
        JwsKeyType.Ec => new EcSigningKey(algorithm, pkcs8.ToArray()),
        JwsKeyType.Rsa => new RsaSigningKey(algorithm, pkcs8.ToArray()),
        JwsKeyType.Okp => EdSigningKey.FromPkcs8(algorithm, pkcs8),
        _ => throw new ArgumentException("A signing key has an asymmetric algorithm.", nameof(algorithm)),
    };

    /// <summary>The private key as PKCS#8. The caller encrypts or clears it.</summary>
    public abstract byte[] ExportPkcs8();

    /// <summary>Signs and returns the number of bytes written: <see cref="SignatureLength"/>.</summary>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public abstract int Sign(ReadOnlySpan<byte> signingInput, Span<byte> destination);

    /// <summary>The base64url of the header with these members; computed once for each pair.</summary>
    internal byte[] EncodedHeader(string? type, string? keyId) => headers.Get(Algorithm, type, keyId);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    internal static CryptographicException NotAKey() => new("The PKCS#8 document is no private key for this algorithm.");
}
