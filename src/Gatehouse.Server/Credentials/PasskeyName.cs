using System.Globalization;
using System.Text;

namespace Gatehouse.Credentials;

/// <summary>What a person calls a passkey: NFC, trimmed, at most 80 characters; nothing that is invisible or reorders text.</summary>
public static class PasskeyName
{
    public const int MaxLength = 80;

    /// <returns>The name, or null when it cannot be one; blank is none.</returns>
    public static string? Parse(string text)
    {
        if (text.Length > 4 * MaxLength || string.IsNullOrWhiteSpace(text)) return null;
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes gives U+FFFD for half a surrogate pair, and nobody means that character. Joiners are spelling in Persian and Indic scripts.
            if (rune == Rune.ReplacementChar) return null;
            if (rune.Value is not (0x200C or 0x200D) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned) return null;
        }
        var name = text.Trim().Normalize(NormalizationForm.FormC);
        return name.Length is 0 or > MaxLength ? null : name;
    }
}
