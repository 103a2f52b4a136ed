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

    /// <summary>The colours are those of the tenant's settings, whatever the query says: it only tells versions apart.</summary>
    private static IResult Brand(TenantContext tenant, HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        if (string.Equals(http.Request.Query["accent"], tenant.Settings.Brand.Accent[1..], StringComparison.OrdinalIgnoreCase)) http.Response.Headers.CacheControl = Immutable;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Text(BrandStyle.Css(Color.Parse(tenant.Settings.Brand.Accent)), "text/css; charset=utf-8");
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
