using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;
using Gatehouse.Vault;

namespace Gatehouse.Audit;

/// <summary>
/// What an entry tells of a person, sealed. Each part of each entry has a key of its own, derived from the person's: an export may
/// hand it out as proof that what it shows is what was sealed, and it opens nothing else. Without the person's key nothing opens any more.
/// </summary>
internal static class PersonEnvelope
{
    internal const string Origin = "origin", Personal = "personal";
    internal const int KeySize = 32;

    internal static byte[] KeyOf(ReadOnlySpan<byte> personKey, TenantId tenant, AuditId entry, string part) =>
        HKDF.Expand(HashAlgorithmName.SHA256, personKey.ToArray(), KeySize, Encoding.UTF8.GetBytes(Place(tenant, entry, part)));

    internal static byte[] Seal(byte[] key, TenantId tenant, AuditId entry, string part, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var value = new byte[AesSeal.Overhead + plain.Length];
        AesSeal.Seal(key, plain, Encoding.UTF8.GetBytes(Place(tenant, entry, part)), value);
        return value;
    }

    /// <exception cref="CryptographicException">It was changed, moved to another entry, or sealed under another key.</exception>
    internal static string Open(ReadOnlySpan<byte> key, TenantId tenant, AuditId entry, string part, byte[] value) =>
        Encoding.UTF8.GetString(AesSeal.Open(key, value, Encoding.UTF8.GetBytes(Place(tenant, entry, part))));

    private static string Place(TenantId tenant, AuditId entry, string part) => $"audit:{part}:{tenant}:{entry}";
}
