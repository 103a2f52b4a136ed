using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Pages;

namespace Gatehouse.Tests.Pages;

/// <summary>The colours that app.css declares, per scheme: what the tests compute with is what browsers get.</summary>
internal sealed partial class StyleTokens
{
    private StyleTokens(Dictionary<string, Color> colors) => Colors = colors;

    internal Dictionary<string, Color> Colors { get; }

    internal Color this[string token] => Colors.TryGetValue(token, out var color) ? color : throw new KeyNotFoundException($"app.css has no colour --{token}.");

    internal static string Css { get; } = Encoding.UTF8.GetString(Asset.Style.Bytes);

    internal static StyleTokens Light { get; } = Read(Roots()[0], []);
    internal static StyleTokens Dark { get; } = Read(Roots()[1], Light.Colors);

    private static MatchCollection RootBlocks => RootBlock().Matches(Css);

    private static List<string> Roots()
    {
        RootBlocks.Count.ShouldBe(2, "app.css has one :root block per scheme");
        return [.. RootBlocks.Select(m => m.Groups[1].Value)];
    }

    private static StyleTokens Read(string block, Dictionary<string, Color> inherited)
    {
        Dictionary<string, Color> colors = new(inherited, StringComparer.Ordinal);
        foreach (Match match in ColorToken().Matches(block)) colors[match.Groups[1].Value] = Color.Parse(match.Groups[2].Value);
        return new(colors);
    }

    [GeneratedRegex(@":root\s*\{([^}]*)\}")]
    private static partial Regex RootBlock();

    [GeneratedRegex(@"--([a-z-]+):\s*(#[0-9a-f]{6});")]
    private static partial Regex ColorToken();
}
