using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>
/// Reads and verifies the bearer token of a call to one of our own APIs (RFC 6750 §2.1, RFC 9068 §4). The tenant that the request was routed to is
/// the only one whose keys are tried: nothing in the token decides where it is verified.
/// </summary>
internal sealed class AccessTokenVerifier(SigningKeys keys, TimeProvider clock)
{
    // Issuer and verifier are one cluster; its clocks may differ by a moment.
    private static readonly TimeSpan skew = TimeSpan.FromSeconds(5);

    private readonly ConditionalWeakTable<JsonWebKeySet, VerificationKey[]> prepared = [];

    /// <param name="audience">The API that is called.</param>
    internal async ValueTask<Result<AccessToken, Problem>> VerifyAsync(HttpContext http, TenantContext tenant, string audience, CancellationToken ct)
    {
        // 1. One Authorization header with the scheme Bearer.                             RFC 6750 §2.1, RFC 9110 §11.1
        var headers = http.Request.Headers.Authorization;
        if (headers.Count == 0) return TokenMissing;
        if (headers.Count > 1 || headers[0] is not { } header || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return TokenMissing;

        // 2. Signed by this tenant, typ at+jwt, the algorithm that of the key.            RFC 9068 §4, RFC 8725 §3.1, §3.11
        var set = await keys.GetVerificationKeysAsync(tenant.Id, ct);
        var expected = new JwsVerification { Keys = prepared.GetValue(set, Prepare), Type = "at+jwt" };
        if (!Jws.Verify(header.AsSpan(7).Trim(), expected).TryGet(out var jws, out _) || !Jwt.ParseClaims(jws).TryGet(out var claims, out _)) return TokenInvalid;

        // 3. Of this issuer, for this API, now.                                           RFC 9068 §4
        if (!Jwt.Validate(claims, tenant.Issuer, audience, clock.GetUtcNow(), skew).TryGet(out _, out var error))
            return error.Code == JoseError.Expired ? TokenExpired : TokenInvalid;

        // Of somebody who acts as another: applications take it, our own APIs do not.       RFC 8693 §4.1
        if (claims.TryGet("act", out _)) return Impersonated;

        // 4. Whom it speaks for. A client that speaks for itself is its own subject.      RFC 9068 §2.2, §5
        if (claims.JwtId is not { Length: > 0 } jti || !ClientId.TryParse(claims.GetString("client_id"), out var client)) return TokenInvalid;
        UserId? user = null;
        if (claims.Subject != client.ToString())
        {
            if (!UserId.TryParse(claims.Subject, out var person)) return TokenInvalid;
            user = person;
        }
        SessionId? session = null;
        if (claims.TryGet("sid", out _))
        {
            if (!SessionId.TryParse(claims.GetString("sid"), out var sid)) return TokenInvalid;
            session = sid;
        }
        var scopes = (claims.GetString("scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new AccessToken(jti, client, user, session, claims.GetString(IAccessTokenRevocation.GrantClaim), scopes, claims.GetTime("auth_time"), claims.GetStrings("amr") ?? []);
    }

    // Importing a key costs more than verifying with it; a set that has not changed is the same object.
    private static VerificationKey[] Prepare(JsonWebKeySet set)
    {
        List<VerificationKey> usable = [];
        foreach (var jwk in set.Keys)
            if (VerificationKey.Create(jwk).TryGet(out var key, out _)) usable.Add(key);
        return [.. usable];
    }

    internal static readonly Problem TokenMissing =
        Problem.Unauthorized("token_missing", "Send an access token for this API: Authorization: Bearer …");

    internal static readonly Problem TokenInvalid =
        Problem.Unauthorized("token_invalid", "The access token is not one of this tenant for this API, or is no longer good.");

    private static readonly Problem Impersonated =
        Problem.Forbidden("impersonation_forbidden", "This token was issued to somebody who acts as another person. It is good for applications, and neither for the management API nor for her account.");

    private static readonly Problem TokenExpired = Problem.Unauthorized("token_invalid", "The access token has expired. Get a new one.");
}
