using Gatehouse.Applications;
using Gatehouse.Claims;
using Gatehouse.Http;
using Gatehouse.Impersonation;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>The tokens of a person's grant: an access token, an ID Token where <c>openid</c> was granted, a refresh token where there is one to be.</summary>
internal sealed class GrantTokens(ClientDirectory clients, ClaimsBuilder claims, Impersonations impersonations, AccessTokenIssuer accessTokens, IdTokenIssuer idTokens)
{
    /// <summary>
    /// A client gets refresh tokens when it is registered for them, and either the tenant's own or allowed <c>offline_access</c> by the person
    /// (OpenID Connect Core §11; a third-party client's person is asked on the consent page).
    /// </summary>
    internal static bool HasRefreshToken(Client client, IReadOnlyList<string> scopes) =>
        client.GrantTypes.Contains("refresh_token") && (client.FirstParty || scopes.Contains("offline_access"));

    /// <summary>
    /// The grant with what its client may still ask for: a scope that is taken from a client leaves its grants with the next exchange, and
    /// comes back to them when the client gets it back.
    /// </summary>
    internal static Grant Narrow(Client client, Grant grant) =>
        grant.Scopes.All(client.Scopes.Contains) ? grant : grant with { Scopes = [.. grant.Scopes.Where(client.Scopes.Contains)] };

    /// <summary>What the request's access token is for.</summary>
    internal async ValueTask<Result<AccessTarget, OAuthError>> ResolveAsync(TenantContext tenant, Client client, Grant grant, FormParameters parameters, CancellationToken ct) =>
        AccessTargets.Resolve(tenant, await clients.ListApisAsync(tenant.Id, ct), new(grant.Scopes, grant.Resources, client.FirstParty), parameters.All("resource"), parameters["scope"]);

    /// <summary>The first tokens of a grant.</summary>
    internal async ValueTask<Result<TokenResponse, OAuthError>> BeginAsync(TenantTransaction tx, TenantContext tenant, Client client, Grant grant, AccessTarget target, Organization? organization, string? nonce, DateTimeOffset now, CancellationToken ct)
    {
        string? refreshToken = null;
        // Between the code and here she may have lost the right to act, or have stopped.
        if (grant.ActorId is not null && !await impersonations.IsLiveAsync(tx, grant.SessionId, ct)) return OAuthError.InvalidGrant("Nobody acts as this person any more.");
        if (grant.ActorId is null && HasRefreshToken(client, grant.Scopes))
        {
            var end = now.AddSeconds(tenant.Settings.Tokens.RefreshAbsoluteSeconds);
            if (!await GrantStore.BeginAsync(tx, grant.Id, now, end, ct)) return OAuthError.InvalidGrant("The authorization was revoked.");
            refreshToken = await IssueRefreshTokenAsync(tx, tenant, grant with { ExpiresAt = end }, 1, now, ct);
        }
        return await RespondAsync(tx, tenant, client, grant, target, organization, nonce, refreshToken, now, ct);
    }

    /// <summary>The next tokens of a family that has just been moved on.</summary>
    internal async ValueTask<TokenResponse> ContinueAsync(TenantTransaction tx, TenantContext tenant, Client client, Grant grant, AccessTarget target, Organization? organization, long generation, DateTimeOffset now, CancellationToken ct) =>
        await RespondAsync(tx, tenant, client, grant, target, organization, nonce: null, await IssueRefreshTokenAsync(tx, tenant, grant, generation, now, ct), now, ct);

    private static async ValueTask<string> IssueRefreshTokenAsync(TenantTransaction tx, TenantContext tenant, Grant grant, long generation, DateTimeOffset now, CancellationToken ct)
    {
        var secret = Secret.New(Secret.RefreshTokenPrefix);
        var idle = now.AddSeconds(tenant.Settings.Tokens.RefreshIdleSeconds);
        await RefreshTokenStore.InsertAsync(tx, Secret.Hash(secret), grant.Id, generation, now, idle < grant.ExpiresAt ? idle : grant.ExpiresAt, ct);
        return secret;
    }

    private async ValueTask<TokenResponse> RespondAsync(TenantTransaction tx, TenantContext tenant, Client client, Grant grant, AccessTarget target, Organization? organization, string? nonce, string? refreshToken, DateTimeOffset now, CancellationToken ct)
    {
        // Told only where she allowed that; one that was merely demanded binds the grant and is nobody's to know.
        var subject = TokenSubject.Of(grant) with { Organization = grant.Scopes.Contains(OrganizationDemand.Scope) ? organization : null };
        // What rules add is read anew with every exchange: a role that ended is not in the next tokens.
        var facts = new ClaimFacts(client, grant.UserId, organization);
        var inAccessToken = await claims.BuildAsync(tx, facts, ClaimDestination.AccessToken, target.Wanted, target.Api, ct);
        var withIdToken = grant.Scopes.Contains("openid");
        var inIdToken = withIdToken ? await claims.BuildAsync(tx, facts, ClaimDestination.IdToken, grant.Scopes, null, ct) : BuiltClaims.None;
        var key = await accessTokens.FindKeyAsync(tenant, target, ct);
        var accessToken = accessTokens.Issue(key, tenant, target, client.Id.ToString(), subject, inAccessToken);
        var idToken = withIdToken ? await idTokens.IssueAsync(tenant, client, subject, nonce, accessToken, inIdToken, ct) : null;
        return new(accessToken, subject.Shorten(AccessTokenIssuer.Lifetime(tenant, target), now), target.Scope, refreshToken, idToken);
    }
}
