using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>
/// Ends grants: no further token comes of them, and the access tokens they gave stop counting with the commit. Deciding that the grant is
/// over and denying its tokens is one transaction, whoever decides it.
/// </summary>
internal sealed class GrantRevocation(EventOutbox events, TimeProvider clock) : IEventSubscriber<SessionRevoked>, IEventSubscriber<AllSessionsRevoked>
{
    // The longest life TokenSettings allows an access token: one that was just issued may live this long.
    private static readonly TimeSpan longestAccessToken = TimeSpan.FromSeconds(86_400);

    /// <returns>False when it was over already.</returns>
    internal async ValueTask<bool> RevokeAsync(TenantTransaction tx, GrantId id, string reason, CancellationToken ct)
    {
        var now = clock.Now();
        if (!await GrantStore.RevokeAsync(tx, id, reason, now, ct)) return false;
        await EndAsync(tx, id, reason, now, ct);
        return true;
    }

    /// <summary>Everything a user granted one client.</summary>
    internal async ValueTask RevokeAsync(TenantTransaction tx, UserId user, ClientId client, string reason, CancellationToken ct)
    {
        var now = clock.Now();
        foreach (var id in await GrantStore.RevokeOfUserAndClientAsync(tx, user, client, reason, now, ct)) await EndAsync(tx, id, reason, now, ct);
    }

    /// <summary>Everything a user granted, except under the session that is kept.</summary>
    internal async ValueTask RevokeAsync(TenantTransaction tx, UserId user, SessionId? kept, string reason, CancellationToken ct)
    {
        var now = clock.Now();
        foreach (var id in await GrantStore.RevokeOfUserAsync(tx, user, kept, reason, now, ct)) await EndAsync(tx, id, reason, now, ct);
    }

    /// <summary>Everything that was granted for work in an organization, by one member or by all.</summary>
    internal async ValueTask RevokeAsync(TenantTransaction tx, OrganizationId organization, UserId? member, string reason, CancellationToken ct)
    {
        var now = clock.Now();
        var ended = member is { } user ? await GrantStore.RevokeOfMemberAsync(tx, organization, user, reason, now, ct) : await GrantStore.RevokeOfOrganizationAsync(tx, organization, reason, now, ct);
        foreach (var id in ended) await EndAsync(tx, id, reason, now, ct);
    }

    /// <summary>Everything a client was granted.</summary>
    internal async ValueTask RevokeAsync(TenantTransaction tx, ClientId client, string reason, CancellationToken ct)
    {
        var now = clock.Now();
        foreach (var id in await GrantStore.RevokeOfClientAsync(tx, client, reason, now, ct)) await EndAsync(tx, id, reason, now, ct);
    }

    /// <summary>A session that ends takes with it what was granted under it, refresh tokens with <c>offline_access</c> included.</summary>
    public async ValueTask HandleAsync(TenantTransaction tx, SessionRevoked occurrence, CancellationToken ct)
    {
        var now = clock.Now();
        foreach (var id in await GrantStore.RevokeOfSessionAsync(tx, occurrence.SessionId, "session_revoked", now, ct))
            await EndAsync(tx, id, "session_revoked", now, ct);
    }

    /// <summary>
    /// A refresh token may outlive its session's row by years, so "all sessions" is said of the user: a password that was reset, or an
    /// administrator's "sign out everywhere", reaches every grant.
    /// </summary>
    public ValueTask HandleAsync(TenantTransaction tx, AllSessionsRevoked occurrence, CancellationToken ct) =>
        RevokeAsync(tx, occurrence.UserId, occurrence.KeptSession, "session_revoked", ct);

    private async ValueTask EndAsync(TenantTransaction tx, GrantId id, string reason, DateTimeOffset now, CancellationToken ct)
    {
        await AccessTokenDenials.DenyAsync(tx, id.ToString(), now + longestAccessToken, ct);
        await events.PublishAsync(tx, new GrantRevoked(id, reason), ct);
    }
}
