using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Invitations;

/// <summary>That this browser opened the message: the link's secret is kept through signing in and registering, until the invitation is answered in the account.</summary>
public static class InvitationCookie
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static void Keep(HttpContext http, TenantContext tenant, string token) =>
        http.Response.Cookies.Append(tenant.CookieName("invitation"), token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = tenant.IsHttps, MaxAge = Lifetime });

    /// <summary>The secret of the message that was opened last; null when none was.</summary>
    public static string? Read(HttpContext http, TenantContext tenant) =>
        http.Request.Cookies[tenant.CookieName("invitation")] is { } sent && Secret.HasShape(sent, InvitationDirectory.TokenPrefix) ? sent : null;
}
