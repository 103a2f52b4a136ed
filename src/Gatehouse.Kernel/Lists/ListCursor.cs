using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Kernel;

/// <summary>
/// The cursor of one list as one caller asks it: a position, sealed together with all that the list was asked with. A cursor of another tenant, list, filter or
/// order, and one that was changed, is refused; nobody reads one, for a page may end at somebody whom its reader is not shown.
/// </summary>
/// <param name="key">The tenant's own, 32 bytes.</param>
/// <param name="binding">Everything that must be the same at the next page: path, filter, order.</param>
public sealed class ListCursor(byte[] key, string binding)
{
    private const int NonceLength = 12, TagLength = 16, MaxLength = 12_000;
    private const byte ById = 0, ByTime = 1, ByText = 2;

    public static Problem Invalid { get; } =
        Problem.BadRequest("cursor_invalid", "cursor is the value of \"next\" of the page before, unchanged, and goes with the same filter and sort.", "cursor");

    public string Write(ListPosition position)
    {
        byte[] payload = position.Key switch
        {
            null => [.. position.Id.ToByteArray(bigEndian: true), ById],
            DateTimeOffset time => [.. position.Id.ToByteArray(bigEndian: true), ByTime, .. Ticks(time)],
            string text => [.. position.Id.ToByteArray(bigEndian: true), ByText, .. Encoding.UTF8.GetBytes(text)],
            _ => throw new ArgumentException($"A position's key cannot be a {position.Key.GetType()}.", nameof(position)),
        };
        var (nonce, cipher, tag) = (Nonce(payload), new byte[payload.Length], new byte[TagLength]);
        using var seal = new AesGcm(Derive("seal"u8), TagLength);
        seal.Encrypt(nonce, payload, cipher, tag, Encoding.UTF8.GetBytes(binding));
        return Base64Url.EncodeToString([.. nonce, .. tag, .. cipher]);
    }

    /// <returns>Null when this server did not make it for this.</returns>
    internal ListPosition? Read(string text)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text)) return null;
        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < NonceLength + TagLength + 17) return null;
        Span<byte> payload = new byte[bytes.Length - NonceLength - TagLength];
        using var seal = new AesGcm(Derive("seal"u8), TagLength);
        try
        {
            seal.Decrypt(bytes[..NonceLength], bytes[(NonceLength + TagLength)..], bytes.Slice(NonceLength, TagLength), payload, Encoding.UTF8.GetBytes(binding));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        var id = new Guid(payload[..16], bigEndian: true);
        var rest = payload[17..];
        return payload[16] switch
        {
            ById when rest.IsEmpty => new(null, id),
            ByTime when rest.Length == 8 => new(new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(rest), TimeSpan.Zero), id),
            ByText => new(Encoding.UTF8.GetString(rest), id),
            _ => null,
        };
    }

    private static byte[] Ticks(DateTimeOffset time)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.UtcTicks);
        return bytes;
    }

    /// <summary>Of what is sealed: the same page has the same cursor, and no two contents share a nonce.</summary>
    private byte[] Nonce(ReadOnlySpan<byte> payload)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Derive("nonce"u8));
        // The binding's length comes first, so that no part of one can pass for the other.
        hmac.AppendData(BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(binding)));
        hmac.AppendData(Encoding.UTF8.GetBytes(binding));
        hmac.AppendData(payload);
        return hmac.GetHashAndReset()[..NonceLength];
    }

    /// <summary>RFC 5869: a key of its own for each purpose.</summary>
    private byte[] Derive(ReadOnlySpan<byte> purpose)
    {
        var derived = new byte[32];
        HKDF.Expand(HashAlgorithmName.SHA256, key, derived, purpose);
        return derived;
    }
}
