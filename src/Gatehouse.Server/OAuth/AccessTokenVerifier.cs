using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.OAuth;

/// <summary>An access token of ours that verified, is in time and was not called back.</summary>
/// <param name="Actor">Who acts as the subject (<c>act</c>).</param>
/// <param name="GrantId">Null where a client acts for itself.</param>
internal sealed record AccessToken(string Subject, string ClientId, string Scope, IReadOnlyList<string> Audience, string TokenId, string? GrantId,
    DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string? SessionId, string? Actor = null)
{
    internal bool HasScope(string scope)
    {
        foreach (var range in Scope.AsSpan().Split(' '))
            if (Scope.AsSpan()[range].SequenceEqual(scope)) return true;
        return false;
    }
}

/// <summary>Reads our own access tokens: RFC 9068 §4 without the audience, which each endpoint judges for itself. Touches no database.</summary>
internal sealed class AccessTokenVerifier(SigningKeys keys, AccessTokenDenials denials, TimeProvider clock)
{
    private readonly ConditionalWeakTable<JsonWebKeySet, JwsVerification> expectations = [];

    /// <returns>Null for anything but a live token of this tenant.</returns>
    internal async ValueTask<AccessToken?> FindAsync(TenantContext tenant, string token, CancellationToken ct)
    {
        if (!token.Contains('.')) return null;
        var set = await keys.GetVerificationKeysAsync(tenant.Id, ct);
        if (Read(tenant, token, set) is not { } read) return null;
        return await denials.IsRevokedAsync(tenant.Id, read.TokenId, read.GrantId, ct) ? null : read;
    }

    private AccessToken? Read(TenantContext tenant, string token, JsonWebKeySet set)
    {
        var expected = expectations.GetValue(set, static s => new JwsVerification
        {
            Keys = VerificationKey.CreateAll(s, JwsAlgorithm.ES256, JwsAlgorithm.RS256),
            Type = AccessTokenIssuer.Type,
        });
        if (!Jws.Verify(token, expected).TryGet(out var jws, out _) || !Jwt.ParseClaims(jws).TryGet(out var claims, out _)) return null;
        if (!string.Equals(claims.Issuer, tenant.Issuer, StringComparison.Ordinal)) return null;
        // We issued it by this very clock: no skew.
        if (claims.Expires is not { } expires || expires <= clock.GetUtcNow()) return null;
        if (claims.Subject is null || claims.JwtId is null || claims.GetString("client_id") is not { } client || claims.IssuedAt is not { } issued) return null;
        return new(claims.Subject, client, claims.GetString("scope") ?? "", claims.Audience, claims.JwtId, claims.GetString("gid"), issued, expires, claims.GetString("sid"),
            claims.TryGet("act", out var act) && act.TryGetProperty("sub", out var actor) ? actor.GetString() : null);
    }
}
