using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Gatehouse.Http;

/// <summary>
/// <c>GET /api/v1/docs</c>: Swagger UI over the description beside it. Page and start script are ours, the rest comes out of the package:
/// its own page has script and style inline, which our policy refuses.
/// </summary>
internal static class SwaggerPage
{
    private const string PackagePrefix = "Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.";

    // Everything from here; data: only for the pictures that the package's style sheet carries. Swagger UI sets styles through the DOM,
    // which style-src does not govern, and style attributes in its markup, which this refuses: they are cosmetic.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly ConcurrentDictionary<string, byte[]> packed = new(StringComparer.Ordinal);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/docs", (HttpContext http, TenantContext tenant) => Page(http)).WithName("api.docs").AllowWithoutPermission().ExcludeFromDescription();
        api.MapGet("/docs/{asset}", (string asset, HttpContext http, TenantContext tenant) => Asset(http, asset)).WithName("api.docs.asset").AllowWithoutPermission().ExcludeFromDescription();
    }

    private static IResult Page(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // Addresses are relative to /api/v1/, so that a tenant below a path loads its own.
        return Results.Text($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Gatehouse management API</title>
            <link rel="stylesheet" href="docs/swagger-ui.css">
            <link rel="icon" href="docs/favicon-32x32.png">
            </head>
            <body>
            <div id="swagger-ui"></div>
            <script src="docs/swagger-ui-bundle.js"></script>
            <script src="docs/start.js"></script>
            </body>
            </html>
            """, "text/html; charset=utf-8");
    }

    private static IResult Asset(HttpContext http, string name)
    {
        var type = name switch
        {
            "swagger-ui.css" => "text/css; charset=utf-8",
            "swagger-ui-bundle.js" or "start.js" => "text/javascript; charset=utf-8",
            "favicon-32x32.png" => "image/png",
            _ => null,
        };
        if (type is null) return Kernel.Problem.NotFound("not_found", "There is no such part of the documentation.").ToHttp();
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "public, max-age=3600";
        if (name == "start.js") return Results.Text(StartScript, type);

        // The package carries its parts gzipped: kept and sent so to whoever takes it.
        var bytes = packed.GetOrAdd(name, part => EmbeddedText.ReadBytes(typeof(SwaggerUIOptions).Assembly, PackagePrefix + part));
        http.Response.Headers.Vary = "Accept-Encoding";
        if (bytes is not [0x1f, 0x8b, ..]) return Results.Bytes(bytes, type);
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase)) return Results.Bytes(Unpack(bytes), type);
        http.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(bytes, type);
    }

    private const string StartScript = """
        window.ui = SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null,
          presets: [SwaggerUIBundle.presets.apis], defaultModelsExpandDepth: 0, docExpansion: 'list' });
        """;

    private static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        gzip.CopyTo(whole);
        return whole.ToArray();
    }
}
