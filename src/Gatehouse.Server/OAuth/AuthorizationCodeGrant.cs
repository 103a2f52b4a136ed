using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.OAuth;

/// <summary>Redeems a code: RFC 6749 §4.1.3, RFC 7636 §4.6, OpenID Connect Core §3.1.3.</summary>
internal sealed class AuthorizationCodeGrant(
    IDatabase database, UserDirectory users, GrantedOrganization organizations, GrantRevocation revocation, GrantTokens tokens, AuditLog audit, TimeProvider clock)
{
    private static readonly OAuthError invalid = OAuthError.InvalidGrant("The code is not valid: unknown, expired, used, or another client's.");

    internal async ValueTask<Result<TokenResponse, OAuthError>> ExchangeAsync(TenantContext tenant, Client client, FormParameters parameters, RequestFacts facts, CancellationToken ct)
    {
        // 1. The code, by its hash.
        if (parameters["code"] is not { } presented) return OAuthError.InvalidRequest("code is missing.");
        if (!Secret.HasShape(presented, Secret.CodePrefix)) return invalid;
        var hash = Secret.Hash(presented);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await GrantStore.FindCodeAsync(tx, hash, ct) is not { } code) return invalid;

        // 2. Used before: whoever presents it, what it gave ends.    RFC 6749 §4.1.2, RFC 9700 §4.5
        if (code.RedeemedAt is not null) return await ReplayedAsync(tx, code.Grant, client, facts, ct);

        // 3. This client's, in time, and not revoked.
        var now = clock.Now();
        if (code.Grant.ClientId != client.Id || now >= code.ExpiresAt || code.Grant.RevokedAt is not null) return invalid;

        // 4. The request that asked for it.                          RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 9700 §4.8.2
        if (CheckBinding(code, parameters) is { } refusal) return refusal;

        // 5. What the token is for, of what the client may still have; before the code is used up.   RFC 8707 §2.2
        var grant = GrantTokens.Narrow(client, code.Grant);
        if (!(await tokens.ResolveAsync(tenant, client, grant, parameters, ct)).TryGet(out var target, out var error)) return error;

        // 6. Exactly one redemption wins; one that lost is a replay like any other.
        if (!await GrantStore.RedeemCodeAsync(tx, hash, now, ct)) return await ReplayedAsync(tx, code.Grant, client, facts, ct);

        // 7. The person may still sign in.
        if (await users.FindAsync(tx, code.Grant.UserId, ct) is not { Status: UserStatus.Active }) return invalid;

        var (belongs, organization) = await organizations.FindAsync(tx, code.Grant, ct);
        if (!belongs) return invalid;

        // 8. Tokens, with what happened, in one transaction.
        if (!(await tokens.BeginAsync(tx, tenant, client, grant, target, organization, code.Nonce, now, ct)).TryGet(out var response, out error)) return error;
        await audit.AppendAsync(tx, new AuditEntry("token.granted", AuditOutcome.Success, AuditActor.User(code.Grant.ActorId ?? code.Grant.UserId), "client", client.Id.ToString(), facts,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["grant"] = code.Grant.Id.ToString(), ["scope"] = response.Scope, ["user"] = code.Grant.UserId.ToString() }), ct);
        await tx.CommitAsync(ct);
        return response;
    }

    private static OAuthError? CheckBinding(AuthorizationCode code, FormParameters parameters)
    {
        var verifier = parameters["code_verifier"];
        var redirectUri = parameters["redirect_uri"];
        if (code.Challenge is null)
        {
            // A verifier without a challenge means that somebody took the challenge out of the authorization request.
            if (verifier is not null) return OAuthError.InvalidGrant("code_verifier was sent, but the authorization request had no code_challenge.");
            // Without PKCE the redirect URI is all that binds the code to its request; with it, OAuth 2.1 §10.2 lets it be left out.
            if (redirectUri is null) return OAuthError.InvalidGrant("redirect_uri is missing.");
        }
        else if (verifier is null || !Pkce.Verify(verifier, code.Challenge)) return OAuthError.InvalidGrant("code_verifier does not match code_challenge.");
        return redirectUri is not null && !string.Equals(redirectUri, code.RedirectUri, StringComparison.Ordinal)
            ? OAuthError.InvalidGrant("redirect_uri is not the one of the authorization request.") : null;
    }

    private async ValueTask<Result<TokenResponse, OAuthError>> ReplayedAsync(TenantTransaction tx, Grant grant, Client client, RequestFacts facts, CancellationToken ct)
    {
        if (await revocation.RevokeAsync(tx, grant.Id, "code_replayed", ct))
        {
            await audit.AppendAsync(tx, new AuditEntry("grant.revoked", AuditOutcome.Denied, AuditActor.Client(client.Id), "grant", grant.Id.ToString(), facts,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = "code_replayed" }), ct);
            await tx.CommitAsync(ct);
        }
        return invalid;
    }
}
