using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Vault;

/// <summary>
/// The key that wraps every tenant's data key. A wrapped value begins with a format byte and the key's id, so that a later version can
/// hold several master keys and re-wrap from one to another.
/// </summary>
internal sealed class MasterKey
{
    internal const int Size = 32;
    private const byte Format = 1;
    private const int KeyIdSize = 8;

    private readonly byte[] wrapping = new byte[Size];
    private readonly byte[] id = new byte[KeyIdSize];

    internal MasterKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Size) throw new ArgumentException($"A master key has {Size} bytes.", nameof(key));
        // The id is published beside each wrapped key; derived apart from the wrapping key, it says nothing about it.
        HKDF.Expand(HashAlgorithmName.SHA256, key, id, "gatehouse master key id"u8);
        HKDF.Expand(HashAlgorithmName.SHA256, key, wrapping, "gatehouse master key wrap"u8);
    }

    /// <summary>Recognises the key without giving it away: 16 hexadecimal digits.</summary>
    internal string KeyId => Convert.ToHexStringLower(id);

    internal byte[] Wrap(ReadOnlySpan<byte> plaintext, string place)
    {
        var wrapped = new byte[1 + KeyIdSize + AesSeal.Overhead + plaintext.Length];
        wrapped[0] = Format;
        id.CopyTo(wrapped.AsSpan(1));
        AesSeal.Seal(wrapping, plaintext, Encoding.UTF8.GetBytes(place), wrapped.AsSpan(1 + KeyIdSize));
        return wrapped;
    }

    /// <exception cref="CryptographicException">Wrapped by another key, for another place, or changed since.</exception>
    internal byte[] Unwrap(ReadOnlySpan<byte> wrapped, string place)
    {
        if (wrapped.Length < 1 + KeyIdSize + AesSeal.Overhead || wrapped[0] != Format || !wrapped[1..(1 + KeyIdSize)].SequenceEqual(id))
            throw new CryptographicException("The value was not wrapped by this master key.");
        return AesSeal.Open(wrapping, wrapped[(1 + KeyIdSize)..], Encoding.UTF8.GetBytes(place));
    }
}
