using System.Security.Cryptography;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// A key that is trusted to verify one algorithm and no other (RFC 8725 §3.1): the header's <c>alg</c> selects among such keys and never
/// decides how a key is used. Safe for concurrent use.
/// </summary>
public abstract class VerificationKey : IDisposable
{
    private protected VerificationKey(JwsAlgorithm algorithm, string? keyId) => (Algorithm, KeyId) = (algorithm, keyId);

    public JwsAlgorithm Algorithm { get; }
    public string? KeyId { get; }

    /// <summary>Trusts a public key for one algorithm: the given one, or the one the key itself names.</summary>
    /// <remarks>An RSA key without <c>alg</c> needs the algorithm from elsewhere, such as the client's registration.</remarks>
    public static Result<VerificationKey, JoseError> Create(JsonWebKey key, JwsAlgorithm? algorithm = null)
    {
        algorithm ??= key.SignatureAlgorithm;
        if (algorithm is null) return Unsupported("The key names no signature algorithm that is supported.");
        if (!algorithm.IsAvailable) return Unsupported("The key's algorithm is not available in this process.");
        if (algorithm.KeyType != key.KeyType || algorithm.Curve is { } curve && curve.Name != key.Curve) return Unsupported("The key is not one for this algorithm.");
        if (key.Algorithm is not null && key.Algorithm != algorithm.Name) return Unsupported("The key is for another algorithm.");
        if (key.Use is not null and not "sig") return Unsupported("The key's use is not sig.");
        if (key.KeyOperations is { } operations && !operations.Contains("verify")) return Unsupported("The key's key_ops do not have verify.");
        try
        {
            return algorithm.KeyType switch
            {
                JwsKeyType.Ec => new EcVerificationKey(algorithm, key),
                JwsKeyType.Rsa => new RsaVerificationKey(algorithm, key),
                _ => (VerificationKey)new EdVerificationKey(algorithm, key),
            };
        }
        catch (CryptographicException)
        {
            return new JoseError(JoseError.KeyInvalid, "The cryptographic library refuses the key.");
        }
    }

    /// <summary>Every use of a set's keys with these algorithms. Keys for anything else are left out, as RFC 7517 §5 asks.</summary>
    public static IReadOnlyList<VerificationKey> CreateAll(JsonWebKeySet set, params IReadOnlyList<JwsAlgorithm> allowed)
    {
        var keys = new List<VerificationKey>(set.Keys.Count);
        foreach (var key in set.Keys)
            foreach (var algorithm in allowed)
                if (Create(key, algorithm).TryGet(out var verification, out _)) keys.Add(verification);
        return keys;
    }

    /// <summary>Whether the signature over these bytes is this key's. A signature of any wrong length is not.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private static JoseError Unsupported(string detail) => new(JoseError.KeyUnsupported, detail);
}

/// <summary>ECDSA with signatures as R‖S of fixed length: RFC 7518 §3.4.</summary>
internal sealed class EcVerificationKey : VerificationKey
{
    private readonly InstancePool<ECDsa> pool;

    public EcVerificationKey(JwsAlgorithm algorithm, JsonWebKey key) : base(algorithm, key.KeyId)
    {
        pool = new(key.CreateEcdsa);
        pool.Return(key.CreateEcdsa());
    }

    public override bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Algorithm.SignatureLength) return false;
        var ecdsa = pool.Rent();
        var valid = ecdsa.VerifyData(signingInput, signature, Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        pool.Return(ecdsa);   // not in a finally: an instance that threw is not used again
        return valid;
    }

    protected override void Dispose(bool disposing) => pool.Dispose();
}

/// <summary>RSASSA-PKCS1-v1_5 and RSASSA-PSS with a salt as long as the hash: RFC 7518 §3.3 and §3.5.</summary>
internal sealed class RsaVerificationKey : VerificationKey
{
    private readonly InstancePool<RSA> pool;
    private readonly int signatureLength;

    public RsaVerificationKey(JwsAlgorithm algorithm, JsonWebKey key) : base(algorithm, key.KeyId)
    {
        signatureLength = (key.Size + 7) / 8;
        pool = new(key.CreateRsa);
        pool.Return(key.CreateRsa());
    }

    public override bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != signatureLength) return false;
        var rsa = pool.Rent();
        var valid = rsa.VerifyData(signingInput, signature, Algorithm.Hash, Algorithm.Padding!);
        pool.Return(rsa);
        return valid;
    }

    protected override void Dispose(bool disposing) => pool.Dispose();
}

/// <summary>Ed25519: RFC 8037 §3.1.</summary>
internal sealed class EdVerificationKey(JwsAlgorithm algorithm, JsonWebKey key) : VerificationKey(algorithm, key.KeyId)
{
    public override bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature) => EdDsa.Verify(key.X, signingInput, signature);

    protected override void Dispose(bool disposing) { }   // public bytes, nothing to release
}
