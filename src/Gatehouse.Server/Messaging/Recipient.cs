using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Messaging;

/// <summary>An address that a mail can be sent to: one address, no name, no list, nothing that could become a second header.</summary>
internal sealed record Recipient(string Address)
{
    private const int MaxLength = 254;      // RFC 5321 §4.5.3.1.3

    /// <returns>Null when it is no address.</returns>
    internal static Recipient? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength) return null;
        foreach (var c in text)
            if (char.IsControl(c) || char.IsWhiteSpace(c) || c is ',' or ';' or '<' or '>' or '"') return null;
        // MailAddress also reads "name <address>": only a text that is its own address is one.
        return MailAddress.TryCreate(text, out var parsed) && parsed.Address == text ? new(text) : null;
    }

    /// <summary>What the database knows an address by: a keyed hash, so that the table cannot be searched by guessing addresses.</summary>
    internal byte[] Hash(byte[] key) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Normalized));

    /// <summary>As one of its shares is counted. No address has a control character.</summary>
    internal byte[] Hash(byte[] key, string share) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{share}\n{Normalized}"));

    private string Normalized => Address.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
}
