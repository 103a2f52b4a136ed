using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Kernel;

/// <summary>
/// Random secrets that we hand out: 256 bits, base64url, behind a recognisable prefix, stored only as SHA-256. A fast hash is right
/// here: there is nothing to guess in 256 random bits.
/// </summary>
public static class Secret
{
    public const string ClientSecretPrefix = "gh_sk_";
    public const string RefreshTokenPrefix = "gh_rt_";
    public const string SessionPrefix = "gh_ss_";
    public const string CodePrefix = "gh_ac_";
    public const string LinkPrefix = "gh_ln_";

    /// <summary>A new secret: <paramref name="prefix"/> and 43 base64url characters.</summary>
    public static string New(string prefix)
    {
        Span<byte> bytes = stackalloc byte[32];
        RandomNumberGenerator.Fill(bytes);
        return string.Concat(prefix, Base64Url.EncodeToString(bytes));
    }

    /// <summary>What is stored of a secret: SHA-256 of its UTF-8 text, 32 bytes.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Compares a presented secret with a stored hash in constant time.</summary>
    public static bool Matches(string presented, ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash(presented), hash);

    /// <summary>Whether a text has the shape of a secret with this prefix: cheap refusal before any look-up.</summary>
    public static bool HasShape(string? text, string prefix) =>
        text is not null && text.Length == prefix.Length + 43 && text.StartsWith(prefix, StringComparison.Ordinal);
}
