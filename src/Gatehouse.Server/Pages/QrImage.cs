using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using QRCoder;

namespace Gatehouse.Pages;

/// <summary>
/// A text as a QR code: an SVG of one path, drawn with attributes only. Answered from a route of its own, because the pages' policy allows
/// neither inline style nor anything from elsewhere, and kept by nobody: what it says is often a secret.
/// </summary>
public static class QrImage
{
    public static IResult Of(string text) => new Image(Svg(text));

    internal static string Svg(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        // The library's matrix brings its own quiet zone.
        var rows = code.ModuleMatrix;
        var path = new StringBuilder(rows.Count * rows.Count * 4);
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                if (!rows[y][x]) continue;
                var start = x;
                while (x + 1 < rows.Count && rows[y][x + 1]) x++;
                path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start + 1}v1h-{x - start + 1}z");
            }
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {rows.Count} {rows.Count}\" width=\"240\" height=\"240\" shape-rendering=\"crispEdges\"><rect width=\"{rows.Count}\" height=\"{rows.Count}\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>");
    }

    private sealed class Image(string svg) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "image/svg+xml";
            httpContext.Response.Headers.CacheControl = "no-store";
            return httpContext.Response.WriteAsync(svg, httpContext.RequestAborted);
        }
    }
}
