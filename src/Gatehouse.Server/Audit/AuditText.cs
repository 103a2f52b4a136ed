using System.Text;

namespace Gatehouse.Audit;

/// <summary>Makes any text fit to be stored, whoever sent it: bounded, without NUL (PostgreSQL has none) and without broken surrogates.</summary>
internal static class AuditText
{
    internal static string? CleanOrNull(string? text, int max) => text is null ? null : Clean(text, max);

    internal static string Clean(string text, int max)
    {
        if (text.Length <= max && !NeedsWork(text)) return text;
        var clean = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.EnumerateRunes())      // a broken surrogate comes out as U+FFFD
        {
            if (clean.Length + rune.Utf16SequenceLength > max) break;
            clean.Append(rune.Value == 0 ? "\uFFFD" : rune.ToString());
        }
        return clean.ToString();
    }

    private static bool NeedsWork(string text)
    {
        foreach (var c in text)
            if (c == '\0' || char.IsSurrogate(c)) return true;
        return false;
    }
}
