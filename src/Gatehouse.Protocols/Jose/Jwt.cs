using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Jose;

/// <summary>What RFC 7519 adds to a signed message: claims, and the checks on the registered ones.</summary>
public static class Jwt
{
    /// <summary>Reads a verified payload (or a peeked one, to find out who claims to speak).</summary>
    public static Result<JwtClaims, JoseError> ParseClaims(ReadOnlySpan<byte> payload) => JwtClaims.Parse(payload);

    /// <inheritdoc cref="ParseClaims(ReadOnlySpan{byte})"/>
    public static Result<JwtClaims, JoseError> ParseClaims(VerifiedJws jws) => JwtClaims.Parse(jws.Payload.Span);

    /// <summary>
    /// Checks who issued the token, for whom, and when it is good: <c>iss</c>, <c>aud</c> and <c>exp</c> must be there; issuer and audience
    /// are compared byte for byte. Logout tokens and security events, which have no <c>exp</c>, have their own rules. The skew is how far
    /// the issuer's clock may be from ours: a few seconds, never negative.
    /// </summary>
    public static Result<JwtClaims, JoseError> Validate(
        JwtClaims claims, string expectedIssuer, string expectedAudience, DateTimeOffset now, TimeSpan skew)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(skew, TimeSpan.Zero);
        if (!string.Equals(claims.Issuer, expectedIssuer, StringComparison.Ordinal))
            return new JoseError(JoseError.IssuerUnexpected, "iss is not the expected issuer.");
        if (!claims.Audience.Contains(expectedAudience, StringComparer.Ordinal))
            return new JoseError(JoseError.AudienceUnexpected, "aud does not have the expected audience.");
        return ValidateTimes(claims, now, skew);
    }

    /// <summary>The times alone: <c>exp</c> is required and lies ahead (RFC 7519 §4.1.4), <c>nbf</c> and <c>iat</c> do not.</summary>
    public static Result<JwtClaims, JoseError> ValidateTimes(JwtClaims claims, DateTimeOffset now, TimeSpan skew)
    {
        if (claims.Expires is not { } expires) return new JoseError(JoseError.ClaimsInvalid, "exp is missing.");
        if (now - skew >= expires) return new JoseError(JoseError.Expired, "The token has expired.");
        if (claims.NotBefore > now + skew) return new JoseError(JoseError.NotYetValid, "nbf lies ahead.");
        if (claims.IssuedAt > now + skew) return new JoseError(JoseError.NotYetValid, "iat lies ahead.");
        return claims;
    }
}
