using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Gatehouse.Messaging;

/// <summary>
/// The frame around every HTML part: one quiet card, light or dark as the reader's program is, right-to-left where the language is. No
/// images, no tables, nothing fetched.
/// </summary>
internal static class MailLayout
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    internal static string Wrap(string locale, string subject, string tenant, string body) => $$"""
        <!doctype html>
        <html lang="{{locale}}" dir="{{(locale == "fa" ? "rtl" : "ltr")}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>{{Html.Encode(subject)}}</title>
        <style>
        :root { color-scheme: light dark; }
        @media (prefers-color-scheme: dark) {
          .page { background: #101114 !important; color: #ececf0 !important; }
          .card { background: #1a1b20 !important; border-color: #2c2e36 !important; }
        }
        </style>
        </head>
        <body class="page" style="margin:0;padding:24px 12px;background:#f5f5f7;color:#1b1c20;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Vazirmatn,Tahoma,sans-serif;font-size:16px;line-height:1.5">
        <div class="card" style="max-width:480px;margin:0 auto;padding:32px 24px;background:#ffffff;border:1px solid #e3e3e8;border-radius:14px">
        {{body}}</div>
        <p style="max-width:480px;margin:16px auto 0;font-size:12px;opacity:.72;text-align:center">{{Html.Encode(tenant)}}</p>
        </body>
        </html>
        """;

    /// <summary>Black or white, whichever reads better on the tenant's colour (WCAG 2.2 relative luminance).</summary>
    /// <param name="accent"><c>#rrggbb</c>, as the settings guarantee.</param>
    internal static string TextOn(string accent)
    {
        double Channel(int at)
        {
            var value = int.Parse(accent.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
        var luminance = 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);
        return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
    }
}
