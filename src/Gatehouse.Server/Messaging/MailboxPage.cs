using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Gatehouse.Http;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Messaging;

/// <summary>
/// The mailbox's own small pages. A message's HTML is shown as a document of its own in a sandboxed frame: it may use styles and nothing
/// else, whatever a tenant's template says.
/// </summary>
internal static class MailboxPage
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1c20; --quiet: #5f616b; --line: #e3e3e8; --paper: #fff; --ground: #f5f5f7; --accent: #4338ca; }
        @media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --quiet: #a3a5b0; --line: #2c2e36; --paper: #1a1b20; --ground: #101114; --accent: #a5b4fc; } }
        * { box-sizing: border-box; }
        body { margin: 0; padding: 24px 16px; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 720px; margin-inline: auto; }
        h1 { font-size: 26px; line-height: 1.2; font-weight: 650; margin: 0 0 4px; }
        .quiet { color: var(--quiet); font-size: 14px; margin: 0 0 24px; }
        ul { list-style: none; margin: 0; padding: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
        li + li { border-block-start: 1px solid var(--line); }
        li a { display: block; padding: 16px 24px; color: inherit; text-decoration: none; }
        li a:hover, li a:focus-visible { background: var(--ground); }
        li strong { display: block; font-weight: 500; unicode-bidi: plaintext; }
        li span { color: var(--quiet); font-size: 14px; overflow-wrap: anywhere; }
        a { color: var(--accent); }
        pre, iframe { width: 100%; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; margin: 0 0 24px; }
        pre { padding: 24px; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; font: inherit; }
        iframe { height: 560px; }
        h2 { font-size: 16px; font-weight: 650; margin: 0 0 8px; }
        .empty { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 40px 24px; text-align: center; color: var(--quiet); }
        """;
    private const string FramedPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    // The one style element is allowed by its hash, nothing else inline is.
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    internal static IResult List(HttpContext http, TenantContext tenant, IReadOnlyList<Mailbox.Message> messages)
    {
        var page = new StringBuilder($"<h1>Mailbox</h1><p class=\"quiet\">What {Text(tenant.DisplayName)} sent in the last hour. Development only: nothing left this machine.</p>");
        if (messages.Count == 0) page.Append("<p class=\"empty\">No mail yet. Sign up or ask for a password reset, then reload this page. Text messages come here too.</p>");
        else
        {
            page.Append("<ul>");
            foreach (var message in messages)
                page.Append(CultureInfo.InvariantCulture,
                    $"<li><a href=\"{Text(tenant.PathBase)}/dev/mailbox/{message.Id}\"><strong>{Text(Title(message))}</strong><span>To {Text(message.To)} · {Time(message.CreatedAt)}</span></a></li>");
            page.Append("</ul>");
        }
        return Answer(http, "Mailbox", page.ToString());
    }

    internal static IResult One(HttpContext http, TenantContext tenant, Mailbox.Message message)
    {
        var text = new StringBuilder();
        foreach (var line in message.Text.Split('\n'))
        {
            if (Mailbox.IsLink(line.Trim())) text.Append("<a href=\"").Append(Text(line.Trim())).Append("\">").Append(Text(line.Trim())).Append("</a>\n");
            else text.Append(Text(line)).Append('\n');
        }
        var back = $"{Text(tenant.PathBase)}/dev/mailbox";
        var html = message.Channel == "sms" ? "" : $"""
            <h2>HTML</h2><iframe title="The message as HTML" src="{back}/{message.Id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>
            """;
        return Answer(http, Title(message), $"""
            <p><a href="{back}">All messages</a></p>
            <h1 dir="auto">{Text(Title(message))}</h1>
            <p class="quiet">From {Text(message.From)} to {Text(message.To)} · {Time(message.CreatedAt)} · {Text(message.Template)} ({Text(message.Locale)})</p>
            <h2>Text</h2><pre>{text}</pre>
            {html}
            """);
    }

    internal static IResult Html(HttpContext http, Mailbox.Message message)
    {
        Protect(http, FramedPolicy);
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";       // the one page that is meant for a frame: ours
        return Results.Content(message.Html.Replace("<head>", "<head><base target=\"_blank\">", StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    private static IResult Answer(HttpContext http, string title, string body)
    {
        Protect(http, Policy);
        return Results.Content($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + $"<title>{Text(title)}</title><style>{Style}</style></head><body><main>{body}</main></body></html>", "text/html; charset=utf-8");
    }

    private static void Protect(HttpContext http, string policy)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>A text message has no subject: it is known by its first line.</summary>
    private static string Title(Mailbox.Message message) => message.Channel == "sms" ? "Text message: " + message.Text.Split('\n')[0] : message.Subject;

    private static string Text(string text) => Encoder.Encode(text);
    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
