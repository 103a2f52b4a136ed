using Gatehouse.Applications;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// Which web pages may read our answers (Fetch §3.2). Public documents: all. Answers to a client: pages of an origin that one of its
/// redirect URIs is on. Never with cookies, so a page gains nothing that it could not do from its own server.
/// </summary>
internal static class Cors
{
    /// <summary>Discovery and keys.</summary>
    internal static void AllowEverybody(HttpContext http) => http.Response.Headers.AccessControlAllowOrigin = "*";

    /// <summary>Lets the page that asked read the answer, if it is one of the client's.</summary>
    internal static void AllowClient(HttpContext http, Client client)
    {
        if (http.Request.Headers.Origin is not [{ Length: > 0 } origin]) return;
        http.Response.Headers.Append("Vary", "Origin");
        foreach (var uri in client.RedirectUris)
        {
            if (!IsOn(uri, origin)) continue;
            http.Response.Headers.AccessControlAllowOrigin = origin;
            // A page must see why it was refused.
            http.Response.Headers.AccessControlExposeHeaders = "WWW-Authenticate";
            return;
        }
    }

    /// <summary>An origin has no path: the URI begins with it, and what follows starts the path or query.</summary>
    private static bool IsOn(string uri, string origin) =>
        uri.StartsWith(origin, StringComparison.Ordinal) && (uri.Length == origin.Length || uri[origin.Length] is '/' or '?');
}
