using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Protocols.OAuth;

/// <summary>Proof Key for Code Exchange, RFC 7636, with <c>S256</c> alone: <c>plain</c> protects against nobody who can read the request.</summary>
public static class Pkce
{
    public const string Method = "S256";

    // §4.1: unreserved characters of RFC 3986.
    private static readonly SearchValues<char> unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>§4.1: 43 to 128 unreserved characters.</summary>
    public static bool IsVerifier(string text) => text.Length is >= 43 and <= 128 && !text.AsSpan().ContainsAnyExcept(unreserved);

    /// <summary>§4.2: the base64url of a SHA-256, in its one canonical spelling.</summary>
    public static bool IsChallenge(string text) => text.Length == 43 && Base64UrlStrict.TryDecode(text, out _);

    /// <summary>§4.6: whether the verifier's SHA-256 is the challenge, in constant time.</summary>
    public static bool Verify(string verifier, string challenge)
    {
        if (!IsVerifier(verifier) || !Base64UrlStrict.TryDecode(challenge, out var expected)) return false;
        Span<byte> ascii = stackalloc byte[128];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(ascii[..Encoding.ASCII.GetBytes(verifier, ascii)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, expected);
    }

    /// <summary>The challenge of a verifier, for clients and tests.</summary>
    public static string Challenge(string verifier) => Base64UrlStrict.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
