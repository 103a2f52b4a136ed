using System.Globalization;
using System.Text;

namespace Gatehouse.Users;

/// <summary>What may stand in text that people read and compare.</summary>
public static class PlainText
{
    /// <summary>No lone surrogates: such a string has no UTF-8 and no normal form.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var used) != System.Buffers.OperationStatus.Done) return false;
            text = text[used..];
        }
        return true;
    }

    /// <summary>
    /// Characters that draw nothing or turn the order of what stands around them: two addresses that look the same would differ, or one
    /// would read as another.
    /// </summary>
    internal static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        // The default-ignorable marks and letters that are not of category Format, and the blank braille pattern.
        _ => rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164
            or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF),
    };

    /// <summary>As <see cref="IsInvisible"/>, but joiners are part of how names are spelled in Persian, Arabic and Indic scripts.</summary>
    public static bool IsInvisibleInNames(Rune rune) => rune.Value is not (0x200C or 0x200D) && IsInvisible(rune);

    /// <summary>Folded for search: compatibility forms and case do not matter.</summary>
    public static string Fold(string text) => text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormKC);

    /// <summary>
    /// Folded further, for finding: marks on letters, joiners, and the ways to write one letter or digit do not matter (Ünal and Unal, Persian and Arabic yeh). Character by
    /// character, so that a part of a text is a part of it here too.
    /// </summary>
    internal static string FoldLetters(string text)
    {
        StringBuilder folded = new(text.Length);
        foreach (var rune in Fold(text).Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            switch (rune.Value)
            {
                // Marks of Latin, Greek and Cyrillic, of Hebrew, of Arabic; joiners. Elsewhere marks are vowels, which make another word.
                case (>= 0x300 and <= 0x36F) or (>= 0x591 and <= 0x5C7) or (>= 0x610 and <= 0x61A) or (>= 0x64B and <= 0x65F) or 0x670 or (>= 0x6D6 and <= 0x6ED) or 0x640 or 0x200C or 0x200D: break;
                case 0x64A or 0x649: folded.Append('\u06CC'); break;
                case 0x643: folded.Append('\u06A9'); break;
                case >= 0x660 and <= 0x669: folded.Append((char)('0' + rune.Value - 0x660)); break;
                case >= 0x6F0 and <= 0x6F9: folded.Append((char)('0' + rune.Value - 0x6F0)); break;
                case 'ł': folded.Append('l'); break;
                case 'ø': folded.Append('o'); break;
                case 'đ': folded.Append('d'); break;
                case 'ı': folded.Append('i'); break;
                case 'ß': folded.Append("ss"); break;
                case 'æ': folded.Append("ae"); break;
                case 'œ': folded.Append("oe"); break;
                default: folded.Append(rune); break;
            }
        }
        return folded.ToString();
    }

    /// <summary>Beyond every text that begins with the prefix: nothing we store contains the last code point, which is no character.</summary>
    public static string After(string prefix) => prefix + "\U0010FFFF";

    /// <summary>Whether it may be searched for: well-formed, not endless, nothing that nobody sees.</summary>
    public static bool IsSearchable(string search, int maxLength)
    {
        if (search.Length > maxLength || !IsWellFormed(search)) return false;
        foreach (var rune in search.EnumerateRunes()) if (IsInvisibleInNames(rune)) return false;
        return true;
    }
}
