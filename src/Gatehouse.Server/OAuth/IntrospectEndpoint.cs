using System.Text.Json;
using Gatehouse.ApiKeys;
using Gatehouse.Applications;
using Gatehouse.Authorization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// <c>POST /oauth2/introspect</c>: RFC 7662. For confidential clients. A caller sees tokens meant for it and no others (§4): those it was given
/// itself, and, if it is the tenant's own, access tokens for an API whose scopes it holds. Everything else is exactly <c>{"active":false}</c>.
/// Access tokens are judged from memory, those of somebody who acts as another and refresh tokens by a read.
/// </summary>
internal sealed class IntrospectEndpoint(ClientAuthenticator authenticator, AccessTokenVerifier tokens, ActingTokens acting, KeyVerification keys, Authority authority, ClientDirectory clients, IDatabase database, TimeProvider clock)
{
    internal async Task HandleAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (!(await ParameterReader.ReadBodyAsync(http, ct)).TryGet(out var parameters, out var error)) { await RefuseAsync(http, error, ct); return; }
        if (parameters.FindRepeated() is { } repeated) { await RefuseAsync(http, OAuthError.InvalidRequest($"{repeated} occurs more than once."), ct); return; }
        if (!(await authenticator.AuthenticateAsync(http, tenant, parameters, ct)).TryGet(out var caller, out error)) { await RefuseAsync(http, error, ct); return; }
        // §2.1: the endpoint asks for authorization, or it could be used to scan for tokens.
        if (caller.Type != ClientType.Confidential) { await RefuseAsync(http, OAuthError.InvalidClient("Introspection needs a confidential client."), ct); return; }
        if (parameters["token"] is not { } token) { await RefuseAsync(http, OAuthError.InvalidRequest("token is missing."), ct); return; }

        if (keys.IsKey(token)) await AnswerKeyAsync(http, tenant, caller, token, parameters["ip_address"], ct);
        else if (Secret.HasShape(token, Secret.RefreshTokenPrefix)) await AnswerRefreshTokenAsync(http, tenant, caller, token, ct);
        else await AnswerAccessTokenAsync(http, tenant, caller, token, ct);
    }

    // Only who may verify keys hears of one: by its scopes and by a role, as at /api/v1/api-keys/verify, and the tenant's own.
    private async ValueTask AnswerKeyAsync(HttpContext http, TenantContext tenant, Client caller, string presented, string? address, CancellationToken ct)
    {
        if (!caller.FirstParty || !caller.Scopes.Contains(Scopes.ApiKeysVerify) || !await authority.PermitsAsync(tenant.Id, caller.Id, Scopes.ApiKeysVerify, ct)
            || await keys.VerifyAsync(tenant.Id, presented, address, null, ct) is not { } good) { await SendInactiveAsync(http, ct); return; }
        await JsonReply.SendAsync(http, StatusCodes.Status200OK, (good, tenant.Issuer), static (json, state) =>
        {
            var (key, permissions) = (state.good.Key, state.good.Permissions);
            json.WriteStartObject();
            json.WriteBoolean("active"u8, true);
            json.WriteString("scope"u8, string.Join(' ', permissions));
            if (key.Owner.Kind == KeyOwnerKind.Client) json.WriteString("client_id"u8, key.Owner.IdText);
            json.WriteString("token_type"u8, "api_key"u8);
            json.WriteNumber("exp"u8, key.EndsAt.ToUnixTimeSeconds());
            json.WriteString("sub"u8, key.Owner.IdText);
            json.WriteString("iss"u8, state.Issuer);
            json.WriteString("jti"u8, key.Id.ToString());
            json.WriteEndObject();
        }, ct);
    }

    private async ValueTask AnswerAccessTokenAsync(HttpContext http, TenantContext tenant, Client caller, string presented, CancellationToken ct)
    {
        var token = await tokens.FindAsync(tenant, presented, ct);
        if (token is null || !await MaySeeAsync(tenant, caller, token, ct) || !await IsClientAliveAsync(tenant, token.ClientId, ct) || !await acting.CountsAsync(tenant, token, ct)) { await SendInactiveAsync(http, ct); return; }
        await JsonReply.SendAsync(http, StatusCodes.Status200OK, (token, tenant.Issuer), static (json, state) => Write(json, state.token, state.Issuer), ct);
    }

    private static void Write(Utf8JsonWriter json, AccessToken token, string issuer)
    {
        json.WriteStartObject();
        json.WriteBoolean("active"u8, true);
        if (token.Scope.Length > 0) json.WriteString("scope"u8, token.Scope);
        json.WriteString("client_id"u8, token.ClientId);
        json.WriteString("token_type"u8, "Bearer"u8);
        json.WriteNumber("exp"u8, token.ExpiresAt.ToUnixTimeSeconds());
        json.WriteNumber("iat"u8, token.IssuedAt.ToUnixTimeSeconds());
        json.WriteString("sub"u8, token.Subject);
        TokenClaims.WriteAudience(json, token.Audience);
        json.WriteString("iss"u8, issuer);
        json.WriteString("jti"u8, token.TokenId);
        TokenClaims.WriteActor(json, token.Actor);
        json.WriteEndObject();
    }

    private async ValueTask AnswerRefreshTokenAsync(HttpContext http, TenantContext tenant, Client caller, string presented, CancellationToken ct)
    {
        RefreshToken? token;
        await using (var tx = await database.ReadAsync(tenant.Id, ct)) token = await RefreshTokenStore.FindAsync(tx, Secret.Hash(presented), ct);
        var now = clock.Now();
        if (token is null || token.Grant.ClientId != caller.Id || token.Grant.RevokedAt is not null || token.Generation != token.Grant.Generation
            || now >= token.ExpiresAt || now >= token.Grant.ExpiresAt) { await SendInactiveAsync(http, ct); return; }
        await JsonReply.SendAsync(http, StatusCodes.Status200OK, (token with { Grant = GrantTokens.Narrow(caller, token.Grant) }, tenant.Issuer), static (json, state) =>
        {
            var (refresh, issuer) = state;
            json.WriteStartObject();
            json.WriteBoolean("active"u8, true);
            json.WriteString("scope"u8, string.Join(' ', refresh.Grant.Scopes));
            json.WriteString("client_id"u8, refresh.Grant.ClientId.ToString());
            json.WriteNumber("exp"u8, refresh.ExpiresAt.ToUnixTimeSeconds());
            json.WriteNumber("iat"u8, refresh.IssuedAt.ToUnixTimeSeconds());
            json.WriteString("sub"u8, refresh.Grant.UserId.ToString());
            json.WriteString("iss"u8, issuer);
            json.WriteEndObject();
        }, ct);
    }

    private async ValueTask<bool> MaySeeAsync(TenantContext tenant, Client caller, AccessToken token, CancellationToken ct)
    {
        if (string.Equals(token.ClientId, caller.Id.ToString(), StringComparison.Ordinal)) return true;
        // A third party that may call an API is not that API: other clients' tokens are none of its business.
        if (!caller.FirstParty) return false;
        var apis = await clients.ListApisAsync(tenant.Id, ct);
        for (var i = 0; i < apis.Count; i++)
            if (token.Audience.Contains(apis[i].Identifier) && apis[i].Scopes.Any(caller.Scopes.Contains)) return true;
        return false;
    }

    // A client that was disabled or deleted has no living tokens.
    private async ValueTask<bool> IsClientAliveAsync(TenantContext tenant, string clientId, CancellationToken ct) =>
        ClientId.TryParse(clientId, out var id) && await clients.FindAsync(tenant.Id, id, ct) is { Enabled: true };

    private static ValueTask SendInactiveAsync(HttpContext http, CancellationToken ct) => JsonReply.SendAsync(http, StatusCodes.Status200OK, "{\"active\":false}"u8, ct);

    private static ValueTask RefuseAsync(HttpContext http, OAuthError error, CancellationToken ct) => error.SendAsync(http, ClientAuthenticator.TriedBasic(http), ct);
}
