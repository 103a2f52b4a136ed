using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Sessions;

/// <summary>
/// A random value that a browser keeps for this tenant, signed in or not: binds interactions to the browser that began them and lets a
/// person's own devices be told from strangers'. Proves nothing by itself. We store only its hash.
/// </summary>
public static class DeviceCookie
{
    private const string Prefix = "gh_dv_";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);     // the longest that browsers allow: RFC 6265bis §5.5
    private static readonly object NewValue = new();                        // key in HttpContext.Items of a value set in this response

    /// <summary>The browser's hash, giving it a cookie when it has none; a present one is kept for another 400 days.</summary>
    public static byte[] Ensure(HttpContext http, TenantContext tenant)
    {
        var value = Value(http, tenant) ?? Secret.New(Prefix);
        if (!http.Items.ContainsKey(NewValue))
        {
            http.Items[NewValue] = value;
            http.Response.Cookies.Append(tenant.CookieName("device"), value, new CookieOptions
            {
                HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = tenant.IsHttps, MaxAge = Lifetime,
            });
        }
        return Secret.Hash(value);
    }

    /// <summary>The browser's hash, or null when it has no cookie of the right shape.</summary>
    public static byte[]? Hash(HttpContext http, TenantContext tenant) => Value(http, tenant) is { } value ? Secret.Hash(value) : null;

    private static string? Value(HttpContext http, TenantContext tenant) =>
        http.Items[NewValue] as string
        ?? (http.Request.Cookies[tenant.CookieName("device")] is { } sent && Secret.HasShape(sent, Prefix) ? sent : null);
}
