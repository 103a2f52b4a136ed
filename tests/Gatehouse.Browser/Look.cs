using Microsoft.Playwright;

namespace Gatehouse.Browser;

/// <summary>One way of looking at the pages: language, width, scheme.</summary>
public sealed record Look(string Language, int Width, bool Dark)
{
    private const int Phone = 390, Desk = 1280;

    /// <summary>Who walks through the pages: one on a telephone, one at a desk, each in a language of her own. Every page is looked at in all of <see cref="Views"/>.</summary>
    public static IEnumerable<Look> All => [new("en", Phone, Dark: false), new("fa", Desk, Dark: false)];

    /// <summary>How a page is looked at once she has got there: both widths, both schemes; a width that is neither is the point of its test.</summary>
    public IReadOnlyList<Look> Views => Width is not (Phone or Desk) ? [this] :
        [this, .. from width in new[] { Phone, Desk } from dark in new[] { false, true } let view = new Look(Language, width, dark) where view != this select view];

    public bool IsRightToLeft => Language == "fa";

    /// <summary>Whether accessibility is asked for in this view, for it is slow: on the telephone by day in one language, at the desk by night in the other.</summary>
    public bool IsForAxe => Views.Count == 1 || (IsRightToLeft ? Width == Desk && Dark : Width != Desk && !Dark);

    public ViewportSize Size => new() { Width = Width, Height = Width == Phone ? 844 : 860 };

    public ColorScheme Scheme => Dark ? ColorScheme.Dark : ColorScheme.Light;

    public BrowserNewContextOptions Context => new()
    {
        Locale = Language,
        ViewportSize = Size,
        ColorScheme = Scheme,
        DeviceScaleFactor = 1,
    };

    public override string ToString() => $"{Language}-{Width}-{(Dark ? "dark" : "light")}";
}
