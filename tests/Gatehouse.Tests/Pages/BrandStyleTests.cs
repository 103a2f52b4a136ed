using Gatehouse.Http;
using Gatehouse.Pages;

namespace Gatehouse.Tests.Pages;

public sealed class BrandStyleTests
{
    /// <summary>A lattice over all colours, and those that are hardest: extremes, and the greys around the middle.</summary>
    public static IEnumerable<string> Accents()
    {
        for (var red = 0; red <= 255; red += 51)
            for (var green = 0; green <= 255; green += 51)
                for (var blue = 0; blue <= 255; blue += 51) yield return $"#{red:x2}{green:x2}{blue:x2}";
        for (var grey = 100; grey <= 140; grey++) yield return $"#{grey:x2}{grey:x2}{grey:x2}";
        yield return BrandSettings.DefaultAccent;
    }

    [Fact]
    public void Keeps_any_accent_readable_in_both_schemes()
    {
        foreach (var accent in Accents())
        {
            Check(accent, "light", BrandStyle.Light(Color.Parse(accent)), StyleTokens.Light);
            Check(accent, "dark", BrandStyle.Dark(Color.Parse(accent)), StyleTokens.Dark);
        }
    }

    [Fact]
    public void Leaves_a_readable_accent_as_it_is()
    {
        var colors = BrandStyle.Light(Color.Parse("#0f766e"));
        colors.Accent.ToString().ShouldBe("#0f766e");
        colors.Text.ToString().ShouldBe("#0f766e");
    }

    [Fact]
    public void Puts_black_on_a_light_accent_and_darkens_links() =>
        (BrandStyle.Light(Color.Parse("#ffd400")) is { OnAccent: var on, Text: var text } && on == Color.Black && text != Color.Parse("#ffd400")).ShouldBeTrue();

    [Fact]
    public void Knows_the_surfaces_of_the_style_sheet()
    {
        (BrandStyle.LightBackground, BrandStyle.LightSurface, BrandStyle.LightSunken).ShouldBe((StyleTokens.Light["bg"], StyleTokens.Light["surface"], StyleTokens.Light["sunken"]));
        (BrandStyle.DarkBackground, BrandStyle.DarkSurface, BrandStyle.DarkSunken).ShouldBe((StyleTokens.Dark["bg"], StyleTokens.Dark["surface"], StyleTokens.Dark["sunken"]));
    }

    [Fact]
    public void Writes_nothing_but_colours() =>
        BrandStyle.Css(Color.Parse("#0f766e")).ShouldMatch("^:root\\{(--[a-z-]+:#[0-9a-f]{6};?)+\\}@media \\(prefers-color-scheme:dark\\)\\{:root\\{(--[a-z-]+:#[0-9a-f]{6};?)+\\}\\}$");

    private static void Check(string accent, string scheme, BrandColors colors, StyleTokens tokens)
    {
        var where = $"accent {accent}, {scheme}";
        colors.OnAccent.ContrastWith(colors.Accent).ShouldBeGreaterThanOrEqualTo(4.5, $"button, {where}");
        colors.OnAccent.ContrastWith(colors.Strong).ShouldBeGreaterThanOrEqualTo(4.5, $"button under the pointer, {where}");
        foreach (var ground in new[] { tokens["bg"], tokens["surface"], tokens["sunken"], colors.Soft })
            colors.Text.ContrastWith(ground).ShouldBeGreaterThanOrEqualTo(4.5, $"link on {ground}, {where}");
        tokens["text"].ContrastWith(colors.Soft).ShouldBeGreaterThanOrEqualTo(7, $"text on the soft accent, {where}");
        tokens["muted"].ContrastWith(colors.Soft).ShouldBeGreaterThanOrEqualTo(4.5, $"quiet text on the soft accent, {where}");
    }
}
