using System.Globalization;

namespace Gatehouse.Pages;

/// <summary>A language we ship complete: its name, its direction, and how it writes numbers and dates.</summary>
public sealed class Locale
{
    private readonly string? digits;

    private Locale(string tag, string nativeName, string direction, CultureInfo culture, string dateFormat, string? digits)
    {
        (Tag, NativeName, Direction, Culture, DateFormat, this.digits) = (tag, nativeName, direction, culture, dateFormat, digits);
    }

    public static Locale English { get; } = new("en", "English", "ltr", CultureInfo.GetCultureInfo("en-GB"), "d MMMM yyyy", null);

    /// <summary>Persian: right to left, solar calendar, its own digits (.NET formats with ASCII digits in every culture).</summary>
    public static Locale Persian { get; } = new("fa", "فارسی", "rtl", CultureInfo.GetCultureInfo("fa-IR"), "d MMMM yyyy", "۰۱۲۳۴۵۶۷۸۹");

    /// <summary>Every shipped language, the fallback first.</summary>
    public static IReadOnlyList<Locale> All { get; } = [English, Persian];

    /// <summary>BCP 47; the value of <c>lang</c>.</summary>
    public string Tag { get; }

    /// <summary>What its own speakers call it: the label of the language switch.</summary>
    public string NativeName { get; }

    /// <summary><c>ltr</c> or <c>rtl</c>; the value of <c>dir</c>.</summary>
    public string Direction { get; }

    public CultureInfo Culture { get; }

    private string DateFormat { get; }

    /// <summary>The shipped language nearest to a BCP 47 tag (<c>fa-IR</c> → <c>fa</c>), or null.</summary>
    public static Locale? Find(ReadOnlySpan<char> tag)
    {
        foreach (var locale in All)
        {
            if (tag.StartsWith(locale.Tag, StringComparison.OrdinalIgnoreCase)
                && (tag.Length == locale.Tag.Length || tag[locale.Tag.Length] is '-' or '_')) return locale;
        }
        return null;
    }

    /// <summary>A whole number with the language's digits and grouping.</summary>
    public string Number(long value) => Digits(value.ToString("N0", Culture));

    /// <summary>A calendar day, in UTC: we do not know where the reader's clock stands.</summary>
    public string Date(DateTimeOffset time) => Digits(time.UtcDateTime.ToString(DateFormat, Culture));

    private string Digits(string text) =>
        digits is null ? text : string.Create(text.Length, (text, digits), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var c = state.text[i];
                span[i] = char.IsAsciiDigit(c) ? state.digits[c - '0'] : c;
            }
        });
}
