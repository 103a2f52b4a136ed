using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Kernel;

/// <summary>
/// Crockford's base32 in lower case: no padding, no <c>i l o u</c>, so ids survive being read aloud and never spell words.
/// Strict when parsing: one text for one value, so that ids may be compared as strings.
/// </summary>
public static class Base32
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>26 characters for a 16-byte value, most significant bits first; sorts as the value does.</summary>
    public static string Encode(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Span<char> text = stackalloc char[26];
        // 26 × 5 = 130 bits: the value is right-aligned, the two leading bits are zero.
        var bits = new UInt128(ReadBigEndian(bytes), ReadBigEndian(bytes[8..]));
        for (var i = 25; i >= 0; i--) { text[i] = Alphabet[(int)(bits & 31)]; bits >>= 5; }
        return new string(text);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out Guid? value)
    {
        value = null;
        if (text.Length != 26) return false;
        UInt128 bits = 0;
        for (var i = 0; i < 26; i++)
        {
            var digit = Alphabet.IndexOf(text[i], StringComparison.Ordinal);
            if (digit < 0 || (i == 0 && digit > 7)) return false;      // more than 128 bits would alias another id
            bits = (bits << 5) | (uint)digit;
        }
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }

    private static ulong ReadBigEndian(ReadOnlySpan<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
}
