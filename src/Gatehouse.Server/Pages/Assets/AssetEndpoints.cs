using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Pages;

/// <summary><c>GET /assets/…</c>: style, script, icon and the tenant's colours.</summary>
internal static class AssetEndpoints
{
    private const string Immutable = "public, max-age=31536000, immutable";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        foreach (var asset in Asset.All) pages.MapGet(asset.Path, (HttpContext http) => SendAsync(http, asset)).AllowNoTenant().ExcludeFromDescription();
        pages.MapGet("/assets/brand.css", Brand).ExcludeFromDescription();
    }

    private static async Task SendAsync(HttpContext http, Asset asset)
    {
        var response = http.Response;
        response.ContentType = asset.ContentType;
        response.Headers.CacheControl = Immutable;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.XContentTypeOptions = "nosniff";
        var body = asset.Bytes;
        if (Accepts(http, "br")) (body, response.Headers.ContentEncoding) = (asset.Brotli, "br");
        else if (Accepts(http, "gzip")) (body, response.Headers.ContentEncoding) = (asset.Gzip, "gzip");
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>
    /// What follows from the colour in the address, and from nothing else: so it is the same for ever. Which colour a page asks for, the page says: the tenant's, or that
    /// of the organization she works in. Without one, the tenant's.
    /// </summary>
    private static IResult Brand(TenantContext tenant, HttpContext http)
    {
        var named = Color.TryParse("#" + http.Request.Query["accent"], out var accent);
        http.Response.Headers.CacheControl = named ? Immutable : "public, max-age=300";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Text(BrandStyle.Css(named ? accent : Color.Parse(tenant.Settings.Brand.Accent)), "text/css; charset=utf-8");
    }

    private static bool Accepts(HttpContext http, string coding)
    {
        foreach (var accepted in http.Request.GetTypedHeaders().AcceptEncoding)
        {
            if (accepted.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) return accepted.Quality != 0;
        }
        return false;
    }
}
