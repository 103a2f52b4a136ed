using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>
/// Refuses forms that another site made this browser send. A form carries an HMAC of a random cookie under a key of the tenant, so a
/// cookie planted from a sibling domain is of no use without a token we signed for it; and the browser's own word on where the form
/// came from (<c>Sec-Fetch-Site</c>, <c>Origin</c>) is heard first.
/// </summary>
public sealed class Antiforgery(TenantVault vault)
{
    public const string Field = "csrf";
    private const int CookieBytes = 32;

    /// <summary>The value of the form's hidden field; sets the cookie when the browser has none. Before the response starts.</summary>
    public async ValueTask<string> TokenAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        var name = tenant.CookieName(Field);
        var cookie = http.Request.Cookies[name];
        if (!HasShape(cookie))
        {
            cookie = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CookieBytes));
            http.Response.Cookies.Append(name, cookie, new CookieOptions
            {
                HttpOnly = true,
                Secure = tenant.IsHttps,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                IsEssential = true,
            });
        }
        return Base64Url.EncodeToString(await SignAsync(tenant, cookie!, ct));
    }

    /// <summary>Whether this form was sent from a page of ours that this browser was shown.</summary>
    public async ValueTask<bool> VerifyAsync(HttpContext http, TenantContext tenant, string? token, CancellationToken ct)
    {
        if (!FromOurselves(http, tenant)) return false;
        var cookie = http.Request.Cookies[tenant.CookieName(Field)];
        if (!HasShape(cookie) || token is null) return false;
        var expected = Base64Url.EncodeToString(await SignAsync(tenant, cookie!, ct));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(token));
    }

    /// <summary>
    /// What the browser says of the form's origin. <c>same-site</c> is refused: other tenants live on sibling domains. A browser that
    /// sends neither header is judged by the token alone.
    /// </summary>
    public static bool FromOurselves(HttpContext http, TenantContext? tenant)
    {
        var headers = http.Request.Headers;
        if (headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site && site is not ("same-origin" or "none")) return false;
        if (headers.Origin.ToString() is not { Length: > 0 } origin) return true;
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var from)) return false;       // includes "null"
        return string.Equals(from.Authority, http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            || (tenant is not null && string.Equals(origin, new Uri(tenant.Issuer).GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase));
    }

    private async ValueTask<byte[]> SignAsync(TenantContext tenant, string cookie, CancellationToken ct) =>
        HMACSHA256.HashData(await vault.DeriveKeyAsync(tenant.Id, Field, ct), Encoding.UTF8.GetBytes(cookie));

    private static bool HasShape(string? cookie)
    {
        Span<byte> bytes = stackalloc byte[CookieBytes];
        return cookie is { Length: 43 } && Base64Url.IsValid(cookie, out var length) && length == CookieBytes
            && Base64Url.TryDecodeFromChars(cookie, bytes, out _);
    }
}
