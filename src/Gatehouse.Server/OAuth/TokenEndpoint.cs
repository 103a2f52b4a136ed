using Gatehouse.Http;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary><c>POST /oauth2/token</c>: RFC 6749 §3.2. What every grant shares is here, so that none can forget it.</summary>
internal sealed class TokenEndpoint(ClientAuthenticator authenticator, ClientCredentialsGrant clientCredentials, AuthorizationCodeGrant authorizationCode, RefreshTokenGrant refreshToken, OAuthMetrics metrics)
{
    internal async Task HandleAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        // 1. A form, each parameter once.                            RFC 6749 §3.2, appendix B
        if (!(await ParameterReader.ReadBodyAsync(http, ct)).TryGet(out var parameters, out var error)) { await RefuseAsync(http, error, ct); return; }
        if (parameters.FindRepeated() is { } repeated) { await RefuseAsync(http, OAuthError.InvalidRequest($"{repeated} occurs more than once."), ct); return; }

        // 2. Which grant?                                            RFC 6749 §5.2
        var grantType = parameters["grant_type"];
        if (grantType is null) { await RefuseAsync(http, OAuthError.InvalidRequest("grant_type is missing."), ct); return; }
        if (grantType is not ("authorization_code" or "refresh_token" or "client_credentials"))
        {
            await RefuseAsync(http, OAuthError.UnsupportedGrantType("grant_type is authorization_code, refresh_token or client_credentials."), ct);
            return;
        }

        // 3. Which client?                                           RFC 6749 §2.3
        if (!(await authenticator.AuthenticateAsync(http, tenant, parameters, ct)).TryGet(out var client, out error)) { await RefuseAsync(http, error, ct); return; }
        Cors.AllowClient(http, client);

        // 4. May this client use it?                                 RFC 6749 §5.2
        if (!client.GrantTypes.Contains(grantType)) { await RefuseAsync(http, OAuthError.UnauthorizedClient("The client may not use this grant type."), ct); return; }

        // 5. The grant proves the subject and issues the tokens.
        if (grantType == "client_credentials")
        {
            if (await clientCredentials.AnswerAsync(http, tenant, client, parameters, ct) is { } refusal) await RefuseAsync(http, refusal, ct);
            else metrics.Issued(grantType);
            return;
        }
        var result = grantType == "authorization_code"
            ? await authorizationCode.ExchangeAsync(tenant, client, parameters, RequestFacts.Of(http), ct)
            : await refreshToken.ExchangeAsync(tenant, client, parameters, RequestFacts.Of(http), ct);
        if (!result.TryGet(out var response, out error)) { await RefuseAsync(http, error, ct); return; }
        metrics.Issued(grantType);
        await response.SendAsync(http, ct);
    }

    private static ValueTask RefuseAsync(HttpContext http, OAuthError error, CancellationToken ct) => error.SendAsync(http, ClientAuthenticator.TriedBasic(http), ct);
}

/// <summary>A successful answer: RFC 6749 §5.1, OpenID Connect Core §3.1.3.3.</summary>
/// <param name="Scope">Always sent: what was granted may be less than what was asked.</param>
internal sealed record TokenResponse(string AccessToken, int ExpiresInSeconds, string Scope, string? RefreshToken, string? IdToken)
{
    internal ValueTask SendAsync(HttpContext http, CancellationToken ct) => JsonReply.SendAsync(http, StatusCodes.Status200OK, this, static (json, response) =>
    {
        json.WriteStartObject();
        json.WriteString("access_token"u8, response.AccessToken);
        json.WriteString("token_type"u8, "Bearer"u8);
        json.WriteNumber("expires_in"u8, response.ExpiresInSeconds);
        if (response.RefreshToken is not null) json.WriteString("refresh_token"u8, response.RefreshToken);
        if (response.IdToken is not null) json.WriteString("id_token"u8, response.IdToken);
        if (response.Scope.Length > 0) json.WriteString("scope"u8, response.Scope);
        json.WriteEndObject();
    }, ct);
}
