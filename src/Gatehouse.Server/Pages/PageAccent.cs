using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>
/// The colour of whom this answer is for, where that is not the tenant: the organization she works in. Set by the door that knows it, before it answers; whatever
/// the colour is, <see cref="BrandStyle"/> keeps the page readable.
/// </summary>
public sealed class PageAccent
{
    private PageAccent(string color) => Value = color;

    /// <summary><c>#rrggbb</c>.</summary>
    public string Value { get; }

    /// <param name="color">Null: the tenant's own.</param>
    public static void Set(HttpContext http, string? color)
    {
        if (color is not null && Color.TryParse(color, out _)) http.Features.Set(new PageAccent(color));
    }
}
