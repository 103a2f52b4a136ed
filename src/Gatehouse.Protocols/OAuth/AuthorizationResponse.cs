using System.Text;
using System.Text.Encodings.Web;

namespace Gatehouse.Protocols.OAuth;

/// <summary>How an authorization response travels: OAuth 2.0 Multiple Response Type Encoding Practices §2.1, Form Post Response Mode.</summary>
public enum ResponseMode { Query, Fragment, FormPost }

/// <summary>An authorization response on its way to a redirect URI that has been checked.</summary>
/// <param name="Parameters">In order; null values are left out.</param>
public sealed record AuthorizationResponse(string RedirectUri, ResponseMode Mode, IReadOnlyList<KeyValuePair<string, string?>> Parameters)
{
    /// <summary>The one script of the form post page; the page's policy names its hash instead of allowing inline scripts.</summary>
    public const string FormPostScript = "document.forms[0].submit()";

    /// <summary>The address to send the browser to. RFC 6749 §3.1.2: a query that the redirect URI already has is kept.</summary>
    public string ToLocation()
    {
        var location = new StringBuilder(RedirectUri, RedirectUri.Length + 256);
        var separator = Mode == ResponseMode.Fragment ? '#' : RedirectUri.Contains('?') ? '&' : '?';
        // A query that ends in ? or & needs no further separator, and one more would be an empty parameter.
        if (separator == '&' && RedirectUri[^1] is '?' or '&') separator = '\0';
        foreach (var (name, value) in Parameters)
        {
            if (value is null) continue;
            if (separator != '\0') location.Append(separator);
            location.Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
        return location.ToString();
    }

    /// <summary>The page of Form Post Response Mode §2: posts itself, and has a button for browsers without scripts.</summary>
    /// <param name="language">Of <paramref name="continueText"/>.</param>
    public string ToFormPostPage(string language, string direction, string title, string continueText)
    {
        var html = HtmlEncoder.Default;
        var page = new StringBuilder(512);
        page.Append("<!doctype html><html lang=\"").Append(html.Encode(language)).Append("\" dir=\"").Append(html.Encode(direction))
            .Append("\"><head><meta charset=\"utf-8\"><title>").Append(html.Encode(title))
            .Append("</title></head><body><form method=\"post\" action=\"").Append(html.Encode(RedirectUri)).Append("\">");
        foreach (var (name, value) in Parameters)
        {
            if (value is null) continue;
            page.Append("<input type=\"hidden\" name=\"").Append(html.Encode(name)).Append("\" value=\"").Append(html.Encode(value)).Append("\">");
        }
        return page.Append("<noscript><button type=\"submit\">").Append(html.Encode(continueText)).Append("</button></noscript></form><script>")
            .Append(FormPostScript).Append("</script></body></html>").ToString();
    }
}
