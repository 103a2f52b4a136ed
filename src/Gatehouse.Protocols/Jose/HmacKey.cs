using System.Security.Cryptography;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// A client's secret as an HS256 key: RFC 7518 §3.2, at least 256 bits. Built from secret bytes and nothing else, so that no public key
/// can ever end up as an HMAC secret (RFC 8725 §2.1).
/// </summary>
public sealed class HmacKey : VerificationKey
{
    public const int MinLength = 32;

    private readonly byte[] secret;
    private volatile bool disposed;

    /// <exception cref="ArgumentException">The secret is shorter than <see cref="MinLength"/> bytes.</exception>
    public HmacKey(ReadOnlySpan<byte> secret, string? keyId = null) : base(JwsAlgorithm.HS256, keyId)
    {
        if (secret.Length < MinLength) throw new ArgumentException("An HS256 secret has at least 32 bytes.", nameof(secret));
        this.secret = secret.ToArray();
    }

    /// <summary>Writes the 32 bytes of the MAC.</summary>
    public void Sign(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        HMACSHA256.HashData(secret, signingInput, destination);
        // Asked after the fact: a secret that was being cleared meanwhile must not pass for a key.
        ObjectDisposedException.ThrowIf(disposed, this);
    }

    public override bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(signingInput, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }

    protected override void Dispose(bool disposing)
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(secret);
    }
}
