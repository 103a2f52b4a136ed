using System.Security.Cryptography;

namespace Gatehouse.Protocols.Jose;

/// <summary>ECDSA with signatures as R‖S of fixed length: RFC 7518 §3.4.</summary>
internal sealed class EcSigningKey : SigningKey
{
    private readonly byte[] pkcs8;
    private readonly InstancePool<ECDsa> pool;

    public EcSigningKey(JwsAlgorithm algorithm, byte[] pkcs8) : base(algorithm, ReadPublicKey(algorithm.Curve!, pkcs8))
    {
        this.pkcs8 = pkcs8;
        pool = new(() => Import(this.pkcs8));
    }

    public override int SignatureLength => Algorithm.SignatureLength;

    public override byte[] ExportPkcs8()
    {
        byte[] copy = [.. pkcs8];
        pool.ThrowIfDisposed();   // asked after copying: the original may have been cleared meanwhile
        return copy;
    }

    public override int Sign(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        var ecdsa = pool.Rent();
        var written = ecdsa.SignData(signingInput, destination, Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        pool.Return(ecdsa);   // not in a finally: an instance that threw is not used again
        return written;
    }

    protected override void Dispose(bool disposing)
    {
        pool.Dispose();
        CryptographicOperations.ZeroMemory(pkcs8);
    }

    private static ECDsa Import(byte[] pkcs8)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out var read);
        if (read != pkcs8.Length) throw NotAKey();
        return ecdsa;
    }

    private static JsonWebKey ReadPublicKey(EllipticCurve curve, byte[] pkcs8)
    {
        using var ecdsa = Import(pkcs8);
        var key = ecdsa.KeySize == curve.FieldBits ? JsonWebKey.From(ecdsa, curve) : throw NotAKey();
        // The size does not name the curve (brainpoolP256r1, secp256k1): the point being on it does.
        return key.IsOnItsCurve ? key : throw NotAKey();
    }
}

/// <summary>RSASSA-PKCS1-v1_5 and RSASSA-PSS with a salt as long as the hash: RFC 7518 §3.3 and §3.5.</summary>
internal sealed class RsaSigningKey : SigningKey
{
    private readonly byte[] pkcs8;
    private readonly InstancePool<RSA> pool;

    public RsaSigningKey(JwsAlgorithm algorithm, byte[] pkcs8) : base(algorithm, ReadPublicKey(pkcs8))
    {
        this.pkcs8 = pkcs8;
        pool = new(() => Import(this.pkcs8));
    }

    public override int SignatureLength => (PublicKey.Size + 7) / 8;

    public override byte[] ExportPkcs8()
    {
        byte[] copy = [.. pkcs8];
        pool.ThrowIfDisposed();   // asked after copying: the original may have been cleared meanwhile
        return copy;
    }

    public override int Sign(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        var rsa = pool.Rent();
        var written = rsa.SignData(signingInput, destination, Algorithm.Hash, Algorithm.Padding!);
        pool.Return(rsa);
        return written;
    }

    protected override void Dispose(bool disposing)
    {
        pool.Dispose();
        CryptographicOperations.ZeroMemory(pkcs8);
    }

    private static RSA Import(byte[] pkcs8)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out var read);
        if (read != pkcs8.Length) throw NotAKey();
        return rsa;
    }

    private static JsonWebKey ReadPublicKey(byte[] pkcs8)
    {
        using var rsa = Import(pkcs8);
        return rsa.KeySize is >= JsonWebKeyReader.MinRsaBits and <= JsonWebKeyReader.MaxRsaBits ? JsonWebKey.From(rsa) : throw NotAKey();
    }
}

/// <summary>Ed25519: RFC 8037 §3.1, stored as RFC 8410 §7 writes it.</summary>
internal sealed class EdSigningKey : SigningKey
{
    private readonly byte[] expanded;
    private volatile bool disposed;

    public EdSigningKey(JwsAlgorithm algorithm, ReadOnlySpan<byte> seed) : this(algorithm, Expand(seed)) { }

    private EdSigningKey(JwsAlgorithm algorithm, (byte[] PublicKey, byte[] Expanded) pair)
        : base(algorithm, new JsonWebKey(JwsKeyType.Okp, "Ed25519", pair.PublicKey, null)) => expanded = pair.Expanded;

    /// <summary>PrivateKeyInfo, version 0, id-Ed25519, an OCTET STRING within an OCTET STRING: all but the seed is constant.</summary>
    private static ReadOnlySpan<byte> Pkcs8Prefix => [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    public override int SignatureLength => EdDsa.SignatureLength;

    public static EdSigningKey FromPkcs8(JwsAlgorithm algorithm, ReadOnlySpan<byte> pkcs8) =>
        pkcs8.Length == Pkcs8Prefix.Length + EdDsa.SeedLength && pkcs8.StartsWith(Pkcs8Prefix)
            ? new(algorithm, pkcs8[Pkcs8Prefix.Length..])
            : throw NotAKey();

    public override byte[] ExportPkcs8()
    {
        Span<byte> key = stackalloc byte[EdDsa.ExpandedKeyLength];
        CopyKey(key);
        byte[] pkcs8 = [.. Pkcs8Prefix, .. key[..EdDsa.SeedLength]];
        CryptographicOperations.ZeroMemory(key);
        return pkcs8;
    }

    public override int Sign(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[EdDsa.ExpandedKeyLength];
        CopyKey(key);
        EdDsa.Sign(key, signingInput, destination[..EdDsa.SignatureLength]);
        CryptographicOperations.ZeroMemory(key);
        return EdDsa.SignatureLength;
    }

    protected override void Dispose(bool disposing)
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(expanded);
    }

    /// <summary>
    /// Copies the key, then asks whether it was still whole. Signing with a half-cleared key could use one nonce for two challenges, which
    /// gives the key away; a copy taken before it was cleared cannot.
    /// </summary>
    private void CopyKey(Span<byte> copy)
    {
        expanded.CopyTo(copy);
        Interlocked.MemoryBarrier();
        ObjectDisposedException.ThrowIf(disposed, this);
    }

    private static (byte[] PublicKey, byte[] Expanded) Expand(ReadOnlySpan<byte> seed)
    {
        var (publicKey, expanded) = (new byte[EdDsa.PublicKeyLength], new byte[EdDsa.ExpandedKeyLength]);
        EdDsa.Expand(seed, publicKey, expanded);
        return (publicKey, expanded);
    }
}
