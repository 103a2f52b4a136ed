namespace Gatehouse.Pages;

/// <summary>The colours that follow from a tenant's accent in one scheme.</summary>
/// <param name="Accent">Behind the primary button: the tenant's own colour, unchanged wherever text on it can be read.</param>
/// <param name="Text">Links and the focus ring: the accent, moved until it can be read on every background of the scheme.</param>
internal sealed record BrandColors(Color Accent, Color Strong, Color OnAccent, Color Text, Color Soft);

/// <summary>Turns any accent into colours that keep WCAG AA: whatever a tenant chooses, its pages can be read.</summary>
internal static class BrandStyle
{
    /// <summary>WCAG 2.2 §1.4.3: text of normal size.</summary>
    internal const double Readable = 4.5;

    // The surfaces of app.css that the accent's colours stand on; a test compares them with the file.
    internal static Color LightBackground { get; } = Color.Parse("#f5f5f8");
    internal static Color LightSurface { get; } = Color.White;
    internal static Color LightSunken { get; } = Color.Parse("#f1f1f5");
    internal static Color DarkBackground { get; } = Color.Parse("#0e0e12");
    internal static Color DarkSurface { get; } = Color.Parse("#17171d");
    internal static Color DarkSunken { get; } = Color.Parse("#1f1f27");

    internal static BrandColors Light(Color accent) => Derive(accent, Color.Black, 0.9, [LightBackground, LightSurface, LightSunken], LightSurface);

    internal static BrandColors Dark(Color accent) => Derive(accent, Color.White, 0.86, [DarkBackground, DarkSurface, DarkSunken], DarkSurface);

    internal static string Css(Color accent) =>
        $":root{{{Tokens(Light(accent))}}}@media (prefers-color-scheme:dark){{:root{{{Tokens(Dark(accent))}}}}}";

    private static BrandColors Derive(Color accent, Color away, double softness, ReadOnlySpan<Color> grounds, Color surface)
    {
        // Black or white: one of them has at least 4.58 on every colour. White where both do: it is what people expect of a button.
        var onAccent = accent.ContrastWith(Color.White) >= Readable ? Color.White : Color.Black;
        var strong = accent.Towards(onAccent == Color.White ? Color.Black : Color.White, 0.14);
        var soft = accent.Towards(surface, softness);

        var text = accent;
        for (var step = 1; step <= 100 && !IsReadable(text, soft, grounds); step++) text = accent.Towards(away, step / 100.0);
        return new(accent, strong, onAccent, text, soft);
    }

    private static bool IsReadable(Color text, Color soft, ReadOnlySpan<Color> grounds)
    {
        foreach (var ground in grounds)
        {
            if (text.ContrastWith(ground) < Readable) return false;
        }
        return text.ContrastWith(soft) >= Readable;
    }

    private static string Tokens(BrandColors c) =>
        $"--accent:{c.Accent};--accent-strong:{c.Strong};--on-accent:{c.OnAccent};--accent-text:{c.Text};--accent-soft:{c.Soft}";
}
