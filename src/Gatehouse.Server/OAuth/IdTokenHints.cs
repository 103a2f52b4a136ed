using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.OAuth;

/// <summary>Whom an ID Token that we issued speaks of.</summary>
internal sealed record IdTokenHint(UserId User, SessionId? Session, IReadOnlyList<string> Audience);

/// <summary>
/// Reads <c>id_token_hint</c>: signature, issuer and type are verified, the time is not. A hint only says whom an application means, and that it
/// was once told so (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2).
/// </summary>
internal sealed class IdTokenHints(SigningKeys keys)
{
    private readonly ConditionalWeakTable<JsonWebKeySet, JwsVerification> expectations = [];

    /// <returns>Null for anything that is not an ID Token of this tenant, access tokens included.</returns>
    internal async ValueTask<IdTokenHint?> FindAsync(TenantContext tenant, string hint, CancellationToken ct)
    {
        var set = await keys.GetVerificationKeysAsync(tenant.Id, ct);
        var expected = expectations.GetValue(set, static s => new JwsVerification { Keys = VerificationKey.CreateAll(s, JwsAlgorithm.ES256, JwsAlgorithm.RS256) });
        if (!Jws.Verify(hint, expected).TryGet(out var jws, out _) || !Jwt.ParseClaims(jws).TryGet(out var claims, out _)) return null;
        if (!string.Equals(claims.Issuer, tenant.Issuer, StringComparison.Ordinal) || !UserId.TryParse(claims.Subject, out var user)) return null;
        return new(user, SessionId.TryParse(claims.GetString("sid"), out var session) ? session : null, claims.Audience);
    }
}
