using Microsoft.Playwright;

namespace Gatehouse.Browser;

/// <summary>One way of looking at the pages: language, width, scheme.</summary>
public sealed record Look(string Language, int Width, bool Dark)
{
    public static IEnumerable<Look> All =>
        from language in new[] { "en", "fa" }
        from width in new[] { 390, 1280 }
        from dark in new[] { false, true }
        select new Look(language, width, dark);

    public bool IsRightToLeft => Language == "fa";

    public BrowserNewContextOptions Context => new()
    {
        Locale = Language,
        ViewportSize = new() { Width = Width, Height = Width == 390 ? 844 : 860 },
        ColorScheme = Dark ? ColorScheme.Dark : ColorScheme.Light,
        DeviceScaleFactor = 1,
    };

    public override string ToString() => $"{Language}-{Width}-{(Dark ? "dark" : "light")}";
}
