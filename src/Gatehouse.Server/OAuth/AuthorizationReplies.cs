using System.Security.Cryptography;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Protocols.OAuth;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>Authorization responses: RFC 6749 §4.1.2 and §4.1.2.1, each with the issuer's name (RFC 9207 §2), errors too.</summary>
internal static class AuthorizationReplies
{
    internal static AuthorizationResponse Code(TenantContext tenant, AuthorizeRequest request, string code) =>
        new(request.RedirectUri, request.ResponseMode, [new("code", code), new("state", request.State), new("iss", tenant.Issuer)]);

    internal static AuthorizationResponse Error(TenantContext tenant, string redirectUri, ResponseMode mode, string? state, OAuthError error) =>
        new(redirectUri, mode, [new("error", error.Code), new("error_description", error.Description), new("state", state), new("iss", tenant.Issuer)]);

    internal static AuthorizationResponse Error(TenantContext tenant, AuthorizeRequest request, OAuthError error) =>
        Error(tenant, request.RedirectUri, request.ResponseMode, request.State, error);

    internal static IResult ToResult(this AuthorizationResponse response) => new AuthorizationResult(response);
}

/// <summary>Sends the browser to the application: by 303 (RFC 9700 §4.12: a 307 would repeat a posted password), or by a page that posts itself.</summary>
internal sealed class AuthorizationResult(AuthorizationResponse response) : IResult
{
    // The page has one script, known to the byte, and nothing else. No form-action: browsers would hold the application's own redirects to it.
    private static readonly string policy =
        $"default-src 'none'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(AuthorizationResponse.FormPostScript)))}'; base-uri 'none'; frame-ancestors 'none'";

    public Task ExecuteAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.Pragma = "no-cache";
        // The address that led here may hold a login hint.
        headers["Referrer-Policy"] = "no-referrer";
        if (response.Mode != ResponseMode.FormPost)
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            headers.Location = response.ToLocation();
            return Task.CompletedTask;
        }
        var locale = LocaleChoice.For(http, http.Features.Get<TenantContext>());
        var text = Texts.For(locale);
        http.Response.ContentType = "text/html; charset=utf-8";
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        return http.Response.WriteAsync(response.ToFormPostPage(locale.Tag, locale.Direction, text.MovingOn, text.Continue), http.RequestAborted);
    }
}
