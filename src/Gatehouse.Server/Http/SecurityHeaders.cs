using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>
/// Headers that every response carries. The default policy allows nothing at all, which is right for JSON; a page replaces it by its own
/// before it is written.
/// </summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        Set(http);
        return next(http);
    }

    internal static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        // Not no-referrer: browsers then send "Origin: null" with our own forms, and forgery checks would lose their best witness.
        headers["Referrer-Policy"] = "same-origin";
        // Without includeSubDomains: the domain may be a customer's, and what else lives below it is not ours to decide.
        if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
    }

    /// <summary>Takes back an answer that has not begun, but for what every answer carries: the headers above and the request's id.</summary>
    internal static void StartAnew(HttpContext http)
    {
        http.Response.Clear();
        Set(http);
        http.Response.Headers[RequestIds.Header] = http.TraceIdentifier;
    }
}
