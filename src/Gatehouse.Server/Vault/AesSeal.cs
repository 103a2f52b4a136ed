using System.Security.Cryptography;

namespace Gatehouse.Vault;

/// <summary>
/// AES-256-GCM with a random nonce: <c>nonce (12) ‖ ciphertext ‖ tag (16)</c>. A key that seals without bound would reach the 2^32
/// messages of NIST SP 800-38D §8.3; callers therefore give each place a key of its own.
/// </summary>
public static class AesSeal
{
    public const int Overhead = NonceSize + TagSize;
    private const int NonceSize = 12, TagSize = 16;

    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> destination)
    {
        RandomNumberGenerator.Fill(destination[..NonceSize]);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(destination[..NonceSize], plaintext, destination[NonceSize..^TagSize], destination[^TagSize..], associated);
    }

    /// <exception cref="CryptographicException">The value, its place or the key is not the one it was sealed with.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ReadOnlySpan<byte> associated)
    {
        if (value.Length < Overhead) throw new CryptographicException("A sealed value is too short to be one.");
        var plaintext = new byte[value.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(value[..NonceSize], value[NonceSize..^TagSize], value[^TagSize..], plaintext, associated);
        return plaintext;
    }
}
