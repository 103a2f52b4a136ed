using Gatehouse.Pages;

namespace Gatehouse.Tests.Pages;

/// <summary>WCAG 2.2 §1.4.3 (text, 4.5) and §1.4.11 (what one must see to use something, 3) over the tokens of both schemes.</summary>
public sealed class ContrastTests
{
    private static readonly (string Foreground, string[] Backgrounds, double AtLeast)[] Pairs =
    [
        ("text", ["bg", "surface", "sunken", "accent-soft"], 7),
        ("muted", ["bg", "surface", "sunken", "accent-soft"], 4.5),
        ("accent-text", ["bg", "surface", "sunken", "accent-soft"], 4.5),
        ("on-accent", ["accent", "accent-strong"], 4.5),
        ("on-danger", ["danger", "danger-strong"], 4.5),
        ("danger", ["bg", "surface", "danger-soft", "sunken"], 4.5),
        ("warning", ["surface", "warning-soft"], 4.5),
        ("success", ["surface", "success-soft"], 4.5),
        ("info", ["surface", "info-soft"], 4.5),
        ("edge", ["bg", "surface"], 3),
    ];

    public static TheoryData<string> Schemes => ["light", "dark"];

    [Theory, MemberData(nameof(Schemes))]
    public void Keeps_every_pair_of_tokens_readable(string scheme)
    {
        var tokens = Tokens(scheme);
        foreach (var (foreground, backgrounds, atLeast) in Pairs)
        {
            foreach (var background in backgrounds)
                tokens[foreground].ContrastWith(tokens[background]).ShouldBeGreaterThanOrEqualTo(atLeast, $"--{foreground} on --{background}, {scheme}");
        }
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Uses_no_colour_that_is_not_in_a_tested_pair(string scheme)
    {
        HashSet<string> tested = [.. Pairs.Select(p => p.Foreground), .. Pairs.SelectMany(p => p.Backgrounds), "line"];   // hairlines decorate
        Tokens(scheme).Colors.Keys.Except(tested).ShouldBeEmpty();
    }

    [Fact]
    public void Declares_every_colour_in_both_schemes() => StyleTokens.Dark.Colors.Keys.Order().ShouldBe(StyleTokens.Light.Colors.Keys.Order());

    [Fact]
    public void Names_colours_only_in_the_tokens()
    {
        var start = StyleTokens.Css.IndexOf("*, *::before", StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0);
        System.Text.RegularExpressions.Regex.Matches(StyleTokens.Css[start..], "#[0-9a-fA-F]{3,8}\\b|rgba?\\(").ShouldBeEmpty();
    }

    /// <summary>Mirrored for right-to-left by the browser itself, because nothing names a side.</summary>
    [Fact]
    public void Names_no_physical_side() =>
        System.Text.RegularExpressions.Regex.Matches(StyleTokens.Css, @"(?<![\w-])(margin|padding|border)-(left|right)|(?<![\w-])(left|right)\s*:|text-align:\s*(left|right)").ShouldBeEmpty();

    private static StyleTokens Tokens(string scheme) => scheme == "light" ? StyleTokens.Light : StyleTokens.Dark;
}
