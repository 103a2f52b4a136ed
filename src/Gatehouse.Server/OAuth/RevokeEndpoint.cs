using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// <c>POST /oauth2/revoke</c>: RFC 7009. 200 whether or not there was anything to revoke. A refresh token takes its whole grant with it, access
/// tokens included (§2.1); a self-contained access token goes on the list of denied ones, which every one of our endpoints asks.
/// </summary>
internal sealed class RevokeEndpoint(ClientAuthenticator authenticator, AccessTokenVerifier tokens, GrantRevocation revocation, IDatabase database, AuditLog audit)
{
    internal async Task HandleAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        // 1. A form from an authenticated client (a public one says who it is).   §2.1
        if (!(await ParameterReader.ReadBodyAsync(http, ct)).TryGet(out var parameters, out var error)) { await RefuseAsync(http, error, ct); return; }
        if (parameters.FindRepeated() is { } repeated) { await RefuseAsync(http, OAuthError.InvalidRequest($"{repeated} occurs more than once."), ct); return; }
        if (!(await authenticator.AuthenticateAsync(http, tenant, parameters, ct)).TryGet(out var client, out error)) { await RefuseAsync(http, error, ct); return; }
        Cors.AllowClient(http, client);
        if (parameters["token"] is not { } token) { await RefuseAsync(http, OAuthError.InvalidRequest("token is missing."), ct); return; }

        // 2. token_type_hint is advice; the token's own shape says what it is.     §2.1
        error = Secret.HasShape(token, Secret.RefreshTokenPrefix)
            ? await RevokeRefreshTokenAsync(http, tenant, client, token, ct)
            : await RevokeAccessTokenAsync(http, tenant, client, token, ct);
        if (error is not null) { await RefuseAsync(http, error, ct); return; }

        // 3. Unknown, expired and revoked tokens alike.                            §2.2
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = 0;
    }

    // §2.1: another client's token is refused.
    private static OAuthError NotYours { get; } = OAuthError.InvalidGrant("The token was issued to another client.");

    private async ValueTask<OAuthError?> RevokeRefreshTokenAsync(HttpContext http, TenantContext tenant, Client client, string presented, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await RefreshTokenStore.FindAsync(tx, Secret.Hash(presented), ct) is not { } token) return null;
        if (token.Grant.ClientId != client.Id) return NotYours;
        if (!await revocation.RevokeAsync(tx, token.Grant.Id, "revoked_by_client", ct)) return null;
        await RecordAsync(tx, http, client, "grant", token.Grant.Id.ToString(), ct);
        await tx.CommitAsync(ct);
        return null;
    }

    private async ValueTask<OAuthError?> RevokeAccessTokenAsync(HttpContext http, TenantContext tenant, Client client, string presented, CancellationToken ct)
    {
        if (await tokens.FindAsync(tenant, presented, ct) is not { } token) return null;
        if (!string.Equals(token.ClientId, client.Id.ToString(), StringComparison.Ordinal)) return NotYours;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await AccessTokenDenials.DenyAsync(tx, token.TokenId, token.ExpiresAt, ct);
        await RecordAsync(tx, http, client, "access_token", token.TokenId, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    private ValueTask RecordAsync(TenantTransaction tx, HttpContext http, Client client, string kind, string id, CancellationToken ct) =>
        audit.AppendAsync(tx, new AuditEntry("token.revoked", AuditOutcome.Success, AuditActor.Client(client.Id), kind, id, RequestFacts.Of(http)), ct);

    private static ValueTask RefuseAsync(HttpContext http, OAuthError error, CancellationToken ct) => error.SendAsync(http, ClientAuthenticator.TriedBasic(http), ct);
}
