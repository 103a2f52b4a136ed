using System.Buffers;
using System.Globalization;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>
/// An address that has been read. <see cref="Normalized"/> is what is unique: NFKC, lower case, domain as ASCII (IDNA, UTS 46);
/// <see cref="Address"/> keeps the case of the local part, for sending. At most 254 bytes (RFC 5321 §4.5.3.1.3 with its erratum).
/// </summary>
/// <remarks>
/// Normalised before anything is checked, so that no check sees another text than the comparison does. Local parts are compared without
/// case although RFC 5321 §2.4 lets a host distinguish them: none that people use does, and two accounts for <c>Ann@</c> and <c>ann@</c>
/// would be an impersonation waiting to happen. Quoted local parts and address literals are refused. Letters of different scripts that
/// look alike are different letters: mail is only ever sent to the stored address, so a look-alike proves nothing.
/// </remarks>
public readonly record struct EmailAddress
{
    /// <summary>Most bytes: RFC 5321 §4.5.3.1.3.</summary>
    public const int MaxLength = 254;

    private const int MaxBytes = MaxLength, MaxLocalBytes = 64;
    private static readonly SearchValues<char> NotInLocalPart = SearchValues.Create("\"(),:;<>[\\] "); // RFC 5322 §3.2.3 specials; the @ is counted before

    private static readonly Problem Invalid = Problem.Invalid("email_invalid", "That is not an e-mail address we can send to.", "email");
    private static readonly IdnMapping Idna = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    private EmailAddress(string address, string normalized) => (Address, Normalized) = (address, normalized);

    public string Address { get; }
    public string Normalized { get; }

    /// <returns>The address, or <c>email_invalid</c>.</returns>
    public static Result<EmailAddress, Problem> Parse(string? text)
    {
        // Four times the limit: compatibility forms may shrink, nothing grows back.
        if (text is null || text.Length > 4 * MaxBytes || !PlainText.IsWellFormed(text)) return Invalid;
        var folded = text.Trim().Normalize(NormalizationForm.FormKC);
        foreach (var rune in folded.EnumerateRunes())
            if (PlainText.IsInvisible(rune) || Rune.IsWhiteSpace(rune)) return Invalid;

        var at = folded.IndexOf('@');
        if (at <= 0 || at != folded.LastIndexOf('@') || at == folded.Length - 1) return Invalid;
        var local = folded[..at];
        if (local.AsSpan().ContainsAny(NotInLocalPart) || local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)
            || Encoding.UTF8.GetByteCount(local) > MaxLocalBytes) return Invalid;
        if (AsciiDomain(folded[(at + 1)..]) is not { } domain) return Invalid;

        var normalized = $"{PlainText.Fold(local)}@{domain}";
        return Encoding.UTF8.GetByteCount(normalized) <= MaxBytes
            ? new EmailAddress($"{local}@{domain}", normalized)
            : Invalid;
    }

    private static string? AsciiDomain(string domain)
    {
        if (domain[^1] == '.') return null;
        try
        {
            return Idna.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;                                        // what IdnMapping says of every invalid name
        }
    }
}
