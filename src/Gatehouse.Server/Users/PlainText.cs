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
