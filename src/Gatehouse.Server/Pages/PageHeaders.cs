using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>The headers of every page: what it may load, who may frame it, who learns its address.</summary>
public static class PageHeaders
{
    /// <summary>
    /// Nothing but our own style sheet, script and images; no inline style or script; no frames around us; no base element. Forms go
    /// to ourselves only: where a form's answer leads elsewhere, <see cref="ContinueResult"/> stands between, because browsers apply
    /// <c>form-action</c> to every redirect that follows a form (CSP 3 §6.4.2), and we cannot list where an application goes next.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void Apply(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";                      // for browsers that do not know frame-ancestors
        headers.CacheControl = "no-store";
        // Not no-referrer: browsers would then send "Origin: null" with our own forms, and Antiforgery reads it.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
    }
}
