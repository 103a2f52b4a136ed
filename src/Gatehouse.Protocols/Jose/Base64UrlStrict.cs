using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// Base64url as RFC 7515 §2 defines it: no padding, no whitespace, and zero bits behind the last byte, so that each byte string has
/// exactly one spelling. The platform's decoder takes padding and whitespace; then two different tokens could carry one signature, and
/// whatever remembers tokens by their text (replay stores, deny-lists) could be walked around.
/// </summary>
public static class Base64UrlStrict
{
    private static readonly SearchValues<byte> alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);
    private static readonly SearchValues<char> alphabetChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The characters that may end a text of length 4n+2 (four zero bits) and 4n+3 (two zero bits).</summary>
    private static readonly SearchValues<byte> endOfTwo = SearchValues.Create("AQgw"u8);
    private static readonly SearchValues<byte> endOfThree = SearchValues.Create("AEIMQUYcgkosw048"u8);

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Decodes canonical base64url; empty text gives an empty array.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (!IsCanonical(text)) return false;
        bytes = new byte[DecodedLength(text.Length)];
        return Base64Url.DecodeFromUtf8(text, bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length;
    }

    /// <inheritdoc cref="TryDecode(ReadOnlySpan{byte}, out byte[])"/>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.ContainsAnyExcept(alphabetChars) || !HasCanonicalEnd(text.Length, text.IsEmpty ? default : (byte)text[^1])) return false;
        bytes = new byte[DecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length;
    }

    /// <summary>Decodes into a buffer of the caller's; false also when it is too small.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        return IsCanonical(text) && destination.Length >= DecodedLength(text.Length)
            && Base64Url.DecodeFromUtf8(text, destination, out _, out written) == OperationStatus.Done;
    }

    /// <summary>Bytes in a canonical text of this length.</summary>
    public static int DecodedLength(int textLength) => (int)(textLength * 3L / 4);

    private static bool IsCanonical(ReadOnlySpan<byte> text) =>
        !text.ContainsAnyExcept(alphabet) && HasCanonicalEnd(text.Length, text.IsEmpty ? default : text[^1]);

    private static bool HasCanonicalEnd(int length, byte last) => (length % 4) switch
    {
        0 => true,
        2 => endOfTwo.Contains(last),
        3 => endOfThree.Contains(last),
        _ => false,
    };
}
