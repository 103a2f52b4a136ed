using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.ApiKeys;

/// <summary>
/// How a key's secret is written: <c>ghk_</c>, 256 random bits and a checksum, so that a scanner of code knows one when it sees it, and what was cut
/// off or mistyped is refused without a look at any database. Stored as SHA-256: there is nothing to guess in 256 random bits.
/// </summary>
internal static class KeyText
{
    internal const string Prefix = "ghk_";

    /// <summary>Characters that stay readable, to tell keys apart: 48 bits, of which 208 others are left.</summary>
    internal const int ShownLength = 12;

    private const int RandomLength = 43, CheckLength = 6, CheckBytes = 4, Length = 4 + RandomLength + CheckLength;

    internal static string New()
    {
        Span<byte> random = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        var body = string.Concat(Prefix, Base64Url.EncodeToString(random));
        Span<char> check = stackalloc char[CheckLength];
        WriteCheck(body, check);
        return string.Concat(body, check);
    }

    /// <summary>Whether it is meant as a key of ours.</summary>
    internal static bool HasPrefix(ReadOnlySpan<char> text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether it is written as keys are, its checksum included.</summary>
    internal static bool IsWhole(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || !HasPrefix(text) || !Ascii.IsValid(text)) return false;
        Span<char> check = stackalloc char[CheckLength];
        WriteCheck(text[..^CheckLength], check);
        return text[^CheckLength..].SequenceEqual(check);
    }

    /// <param name="text">One that <see cref="IsWhole"/>.</param>
    internal static KeyHash Hash(ReadOnlySpan<char> text)
    {
        Span<byte> ascii = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(text, ascii);
        return KeyHash.Of(ascii);
    }

    // Says nothing of the random part that its owner could not compute: 32 of 256 bits of a hash, under another text than the one that is stored.
    private static void WriteCheck(ReadOnlySpan<char> body, Span<char> destination)
    {
        Span<byte> ascii = stackalloc byte[Prefix.Length + RandomLength];
        Encoding.ASCII.GetBytes(body, ascii);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(ascii, hash);
        Base64Url.EncodeToChars(hash[..CheckBytes], destination);
    }
}

/// <summary>SHA-256 of a secret, as a key of memory: no text is made for a look-up.</summary>
internal readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    internal static KeyHash Of(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return Read(hash);
    }

    internal static KeyHash Read(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<KeyHash>(hash);

    internal byte[] ToBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in this)).ToArray();

    /// <summary>Names it in announcements.</summary>
    public override string ToString() => Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in this)));
}
