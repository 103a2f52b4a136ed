using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Http;

/// <summary>
/// A page for when nothing else can be shown: no tenant, no database, a bug. Depends on nothing, in English; its style is allowed by
/// hash.
/// </summary>
public sealed class PlainPage(int status, string title, string text) : IResult
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{font:1rem/1.6 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f6f7f9,#111318);color:light-dark(#1a1d24,#e7e9ee)}
        main{max-width:32rem;margin:1rem;padding:2.5rem;border-radius:1rem;background:light-dark(#fff,#1a1d24);box-shadow:0 1px 3px #0002,0 8px 24px #0001}
        h1{font-size:1.4rem;line-height:1.3;margin:0 0 .5rem}p{margin:.5rem 0}small{opacity:.7;overflow-wrap:anywhere}
        """;

    private static readonly string Policy =
        $"default-src 'none'; frame-ancestors 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await response.WriteAsync($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{WebUtility.HtmlEncode(title)}</title><style>{Style}</style></head>
            <body><main><h1>{WebUtility.HtmlEncode(title)}</h1><p>{WebUtility.HtmlEncode(text)}</p><p><small>Request {WebUtility.HtmlEncode(httpContext.TraceIdentifier)}</small></p></main></body></html>
            """);
    }

    /// <summary>Whether a person is looking: the request prefers HTML and is not one to our APIs.</summary>
    public static bool Suits(HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/api")) return false;
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var types)) return false;
        // The best type named wins; */* alone is what programs send.
        double html = 0, json = 0;
        foreach (var type in types)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)) html = Math.Max(html, quality);
            else if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/problem+json", StringComparison.OrdinalIgnoreCase))
                json = Math.Max(json, quality);
        }
        return html > 0 && html >= json;
    }

    /// <summary>The page for a person, the problem for a program.</summary>
    public static Task AnswerAsync(HttpContext http, Kernel.Problem problem, string title) =>
        Suits(http.Request) ? new PlainPage(problem.Status, title, problem.Detail).ExecuteAsync(http) : problem.ToHttp().ExecuteAsync(http);
}
