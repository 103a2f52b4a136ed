using System.Globalization;

namespace Gatehouse.Pages;

/// <summary>An sRGB colour and WCAG 2.2's arithmetic over it.</summary>
internal readonly record struct Color(byte Red, byte Green, byte Blue)
{
    internal static Color White { get; } = new(255, 255, 255);
    internal static Color Black { get; } = new(0, 0, 0);

    /// <param name="text"><c>#rrggbb</c>.</param>
    internal static Color Parse(ReadOnlySpan<char> text) => text is ['#', ..] && text.Length == 7
        ? new(Channel(text[1..3]), Channel(text[3..5]), Channel(text[5..7]))
        : throw new FormatException("A colour looks like #rrggbb.");

    internal static bool TryParse(string? text, out Color color)
    {
        var good = text is ['#', ..] && text.Length == 7 && text.Skip(1).All(char.IsAsciiHexDigit);
        color = good ? Parse(text) : default;
        return good;
    }

    /// <summary>Contrast ratio, 1 to 21 (WCAG 2.2, "contrast ratio").</summary>
    internal double ContrastWith(Color other)
    {
        var (a, b) = (Luminance, other.Luminance);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    /// <summary>This colour moved towards another.</summary>
    /// <param name="share">0 stays, 1 arrives.</param>
    internal Color Towards(Color other, double share) =>
        new(Mix(Red, other.Red, share), Mix(Green, other.Green, share), Mix(Blue, other.Blue, share));

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    /// <summary>Relative luminance (WCAG 2.2).</summary>
    private double Luminance => 0.2126 * Linear(Red) + 0.7152 * Linear(Green) + 0.0722 * Linear(Blue);

    private static double Linear(byte channel)
    {
        var c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }

    private static byte Mix(byte from, byte to, double share) => (byte)Math.Round(from + (to - from) * share);

    private static byte Channel(ReadOnlySpan<char> hex) => byte.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
