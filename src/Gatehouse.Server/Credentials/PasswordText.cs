using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Credentials;

/// <summary>
/// A password as it is hashed: NFKC, so that the same keys give the same bytes on every keyboard and system (NIST SP 800-63B-4
/// §3.1.1.2), UTF-8. Not trimmed, not folded.
/// </summary>
internal static class PasswordText
{
    /// <summary>Anything longer is no password anybody has set: the policy's own ceiling is 1024 characters.</summary>
    internal const int MaxUtf16 = 4096;

    /// <returns>Null for text that has no UTF-8 (lone surrogates) or is absurdly long.</returns>
    internal static string? Normalize(string password)
    {
        if (password.Length > MaxUtf16) return null;
        for (var rest = password.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done) return null;
            rest = rest[used..];
        }
        return password.Normalize(NormalizationForm.FormKC);
    }

    /// <summary>Length as a person counts: code points.</summary>
    internal static int Length(string normalized)
    {
        var length = 0;
        foreach (var _ in normalized.EnumerateRunes()) length++;
        return length;
    }

    /// <summary>A stand-in of the same cost for text that cannot be anybody's password.</summary>
    internal static byte[] BytesOrDecoy(string password, out bool possible)
    {
        var normalized = Normalize(password);
        possible = normalized is not null;
        return normalized is not null ? Encoding.UTF8.GetBytes(normalized) : SHA256.HashData(Encoding.UTF8.GetBytes("decoy"));
    }
}
