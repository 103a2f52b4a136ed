using Gatehouse.Kernel;

namespace Gatehouse.OAuth;

/// <summary>What one authorization gave a client: the family of a code, its refresh tokens and its access tokens.</summary>
/// <param name="Scopes">Granted; no token of the family has more.</param>
/// <param name="Resources">Named in the authorization request (RFC 8707); empty when it named none.</param>
/// <param name="AuthTime">When the person last proved who she is before she granted it.</param>
/// <param name="Acr">What the tenant called the level of the sign-in; null in grants from before levels had names.</param>
/// <param name="ExpiresAt">The family's absolute end.</param>
/// <param name="Generation">Of the newest refresh token; 0 before the first.</param>
internal sealed record Grant(GrantId Id, ClientId ClientId, UserId UserId, SessionId SessionId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources,
    DateTimeOffset AuthTime, IReadOnlyList<string> Amr, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, long Generation, DateTimeOffset? RevokedAt, string? Acr = null)
{
    /// <summary>Granted for work in this organization: no token comes of it for whoever does not belong to it any more.</summary>
    public OrganizationId? OrganizationId { get; init; }

    /// <summary>Who acted as the person when it was granted; null: she herself. No token of it lives longer than the grant, and none is refreshed.</summary>
    public UserId? ActorId { get; init; }
}

/// <summary>A code as it is found by its hash, with the grant it stands for.</summary>
/// <param name="Challenge">PKCE; null when the request had none.</param>
internal sealed record AuthorizationCode(Grant Grant, string RedirectUri, string? Challenge, string? Nonce, DateTimeOffset ExpiresAt, DateTimeOffset? RedeemedAt);

/// <summary>A refresh token as it is found by its hash, with its family.</summary>
internal sealed record RefreshToken(Grant Grant, long Generation, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
