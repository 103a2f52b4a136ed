using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Impersonation;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// <c>GET, POST /oauth2/logout</c>: OpenID Connect RP-Initiated Logout 1.0. An application that shows an ID Token of the session signs the person out at once;
/// anybody else only makes us ask her. She is sent on only to an address registered for a client that is known.
/// </summary>
internal sealed class LogoutEndpoint(ClientDirectory clients, IdTokenHints hints, SessionDirectory sessions, Impersonations impersonations, IDatabase database, AuditLog audit)
{
    internal async Task<IResult> StartAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (!(await ParameterReader.ReadAsync(http, ct)).TryGet(out var parameters, out var error)) return OAuthPages.Refused(error);
        if (!(await ReadAsync(tenant, parameters, ct)).TryGet(out var request, out error)) return OAuthPages.Refused(error);

        // An application signs out whom it has: the person whom somebody acts as, and not that one herself.
        if (request.Hint is { Session: { } hinted } && await impersonations.FindCurrentAsync(http, tenant, ct) is { } acting && acting.Session.Id == hinted)
        {
            await impersonations.EndCurrentAsync(http, tenant, ct);
            return Done(tenant, request);
        }
        var session = await sessions.FindCurrentAsync(http, tenant, ct);
        if (session is null)
        {
            // A dead cookie goes. Where none came it stays: browsers leave it out of another site's post (SameSite), whose author must not
            // be able to sign her out. A navigation carries it, so the question is put again as one.
            if (http.Request.Cookies.ContainsKey(tenant.CookieName("session"))) sessions.ClearCookie(http, tenant);
            else if (HttpMethods.IsPost(http.Request.Method)) return new SeeOther(Again(tenant, name => parameters[name]));
            return Done(tenant, request);
        }
        // §2: without proof that the application knows this very person, she is asked; or any page could sign her out.
        if (request.Hint is null || (request.Hint.Session != session.Id && request.Hint.User != session.UserId))
            return PageResult.Of<LogoutPage, LogoutModel>(new(request.Client?.Name, request.Client?.Id.ToString(), request.RedirectUri, request.State), new PageOptions(UiLocales: request.UiLocales));
        await SignOutAsync(http, tenant, session, ct);
        return Done(tenant, request);
    }

    /// <summary><c>POST /oauth2/logout/confirm</c>: she said yes.</summary>
    internal async Task<IResult> ConfirmAsync(HttpContext http, TenantContext tenant, Forms forms, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (await sessions.FindCurrentAsync(http, tenant, ct) is { } session) await SignOutAsync(http, tenant, session, ct);
        // Back to the first step, which checks everything again and, with nobody signed in, moves on.
        return new ContinueResult(Again(tenant, name => form[name]));
    }

    private static string Again(TenantContext tenant, Func<string, string?> value)
    {
        var query = QueryString.Empty;
        foreach (var name in (string[])["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"])
            if (value(name) is { Length: > 0 } said) query = query.Add(name, said);
        return tenant.Url("/oauth2/logout" + query.ToUriComponent());
    }

    private async ValueTask SignOutAsync(HttpContext http, TenantContext tenant, Session session, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await sessions.RevokeAsync(tx, session.Id, "signed_out", ct))
        {
            await audit.AppendAsync(tx, new AuditEntry("session.ended", AuditOutcome.Success, AuditActor.User(session.UserId), "session", session.Id.ToString(), RequestFacts.Of(http)), ct);
            await tx.CommitAsync(ct);
        }
        sessions.ClearCookie(http, tenant);
    }

    private async ValueTask<Result<LogoutRequest, OAuthError>> ReadAsync(TenantContext tenant, FormParameters p, CancellationToken ct)
    {
        if (p.FindRepeated() is { } repeated) return OAuthError.InvalidRequest($"{repeated} occurs more than once.");

        if (AuthorizeRequestReader.IsTooLong(p["state"])) return OAuthError.InvalidRequest("state is too long.");

        // 1. The hint: ours, expired or not.                         §2, §4
        IdTokenHint? hint = null;
        if (p["id_token_hint"] is { } presented && (hint = await hints.FindAsync(tenant, presented, ct)) is null)
            return OAuthError.InvalidRequest("id_token_hint is not an ID Token of this server.");

        // 2. The client, by name or by the hint; both must agree.    §2
        var id = p["client_id"] ?? (hint?.Audience.Count == 1 ? hint.Audience[0] : null);
        if (id is not null && hint is not null && !hint.Audience.Contains(id)) return OAuthError.InvalidRequest("id_token_hint was issued to another client.");
        var client = ClientId.TryParse(id, out var clientId) ? await clients.FindAsync(tenant.Id, clientId, ct) : null;
        if (p["client_id"] is not null && client is null) return OAuthError.InvalidRequest("client_id is not a client of this server.");

        // 3. Where to afterwards: registered, byte for byte, for a client that is known; else nowhere.   §3
        var uri = p["post_logout_redirect_uri"];
        if (uri is not null && client is not null && !client.PostLogoutRedirectUris.Contains(uri)) return OAuthError.InvalidRequest("post_logout_redirect_uri is not registered for this client.");
        return new LogoutRequest(hint, client, client is null ? null : uri, p["state"],
            p["ui_locales"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(20).ToArray() ?? []);
    }

    private static IResult Done(TenantContext tenant, LogoutRequest request) => request.RedirectUri is { } uri
        ? new AuthorizationResponse(uri, ResponseMode.Query, [new("state", request.State)]).ToResult()
        : PageResult.Of<SignedOutPage, SignedOutModel>(new(tenant.DisplayName), new PageOptions(UiLocales: request.UiLocales));

    private sealed record LogoutRequest(IdTokenHint? Hint, Client? Client, string? RedirectUri, string? State, IReadOnlyList<string> UiLocales);
}

/// <param name="Application">Who asks; null when nobody said.</param>
public sealed record LogoutModel(string? Application, string? ClientId, string? RedirectUri, string? State);

/// <param name="Place">What was signed out of.</param>
public sealed record SignedOutModel(string Place);
