using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>The SQL of grants and codes.</summary>
internal static class GrantStore
{
    // Columns of the grant, in the order ReadGrant reads them; each statement aliases the table as g.
    internal const string GrantColumns =
        "g.id, g.client_id, g.user_id, g.session_id, g.scopes, g.resources, g.auth_time, g.amr, g.created_at, g.expires_at, g.generation, g.revoked_at, g.acr, g.organization_id, g.actor_id";
    internal const int GrantColumnCount = 15;

    private const string Insert = """
        INSERT INTO grants (tenant_id, id, client_id, user_id, session_id, scopes, resources, auth_time, amr, created_at, expires_at,
            generation, rotated_at, repeated, acr, organization_id, actor_id)
        VALUES (@tenant, @id, @client, @user, @session, @scopes, @resources, @auth_time, @amr, @now, @expires, 0, @now, @repeated, @acr, @organization, @actor)
        """;

    private const string InsertCode = """
        INSERT INTO authorization_codes (tenant_id, hash, grant_id, redirect_uri, challenge, nonce, expires_at)
        VALUES (@tenant, @hash, @grant, @redirect_uri, @challenge, @nonce, @expires)
        """;

    private const string SelectCode = $"""
        SELECT {GrantColumns}, c.redirect_uri, c.challenge, c.nonce, c.expires_at, c.redeemed_at
        FROM authorization_codes c JOIN grants g ON g.tenant_id = @tenant AND g.id = c.grant_id
        WHERE c.tenant_id = @tenant AND c.hash = @hash
        """;

    // RFC 6749 §4.1.2: once. The condition is in the statement, so that of many redemptions at one moment the database lets one through.
    private const string RedeemCode = """
        UPDATE authorization_codes SET redeemed_at = @now WHERE tenant_id = @tenant AND hash = @hash AND redeemed_at IS NULL AND expires_at > @now
        """;

    // The absolute life counts from the redemption; a grant that was revoked meanwhile is not brought back.
    private const string Begin = """
        UPDATE grants SET generation = 1, rotated_at = @now, expires_at = @expires
        WHERE tenant_id = @tenant AND id = @id AND generation = 0 AND revoked_at IS NULL
        """;

    private const string Revoke = """
        UPDATE grants SET revoked_at = @now, revoke_reason = @reason WHERE tenant_id = @tenant AND id = @id AND revoked_at IS NULL
        """;
    private const string RevokeOfSession = """
        UPDATE grants SET revoked_at = @now, revoke_reason = @reason WHERE tenant_id = @tenant AND session_id = @session AND revoked_at IS NULL RETURNING id
        """;
    // The empty id stands for "no exception": no session has it.
    private const string RevokeOfUser = """
        UPDATE grants SET revoked_at = @now, revoke_reason = @reason
        WHERE tenant_id = @tenant AND user_id = @user AND session_id <> @kept AND revoked_at IS NULL RETURNING id
        """;
    private const string RevokeOfUserAndClient = """
        UPDATE grants SET revoked_at = @now, revoke_reason = @reason
        WHERE tenant_id = @tenant AND user_id = @user AND client_id = @client AND revoked_at IS NULL RETURNING id
        """;
    private const string RevokeOfClient = """
        UPDATE grants SET revoked_at = @now, revoke_reason = @reason WHERE tenant_id = @tenant AND client_id = @client AND revoked_at IS NULL RETURNING id
        """;

    private const string RevokeOfMember = """
        UPDATE grants SET revoked_at = @now, revoke_reason = @reason
        WHERE tenant_id = @tenant AND organization_id = @organization AND user_id = @user AND revoked_at IS NULL RETURNING id
        """;
    private const string RevokeOfOrganization = """
        UPDATE grants SET revoked_at = @now, revoke_reason = @reason WHERE tenant_id = @tenant AND organization_id = @organization AND revoked_at IS NULL RETURNING id
        """;
    private const string SelectOrganization = "SELECT organization_id FROM grants WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND organization_id IS NOT NULL";

    internal static async ValueTask InsertAsync(TenantTransaction tx, Grant grant, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", grant.Id), ("client", grant.ClientId), ("user", grant.UserId), ("session", grant.SessionId),
             ("scopes", string.Join(' ', grant.Scopes)), ("resources", string.Join(' ', grant.Resources)), ("auth_time", grant.AuthTime),
             ("amr", string.Join(' ', grant.Amr)), ("now", grant.CreatedAt), ("expires", grant.ExpiresAt), ("repeated", false), ("acr", grant.Acr), ("organization", grant.OrganizationId), ("actor", grant.ActorId)], ct);

    internal static async ValueTask InsertCodeAsync(TenantTransaction tx, byte[] hash, AuthorizationCode code, CancellationToken ct) =>
        await tx.ExecuteAsync(InsertCode,
            [("hash", hash), ("grant", code.Grant.Id), ("redirect_uri", code.RedirectUri), ("challenge", code.Challenge), ("nonce", code.Nonce),
             ("expires", code.ExpiresAt)], ct);

    internal static ValueTask<AuthorizationCode?> FindCodeAsync(TenantTransaction tx, byte[] hash, CancellationToken ct) =>
        tx.FindAsync(SelectCode, [("hash", hash)], static row => new AuthorizationCode(ReadGrant(row), row.Text(GrantColumnCount),
            row.TextOrNull(GrantColumnCount + 1), row.TextOrNull(GrantColumnCount + 2), row.Time(GrantColumnCount + 3), row.TimeOrNull(GrantColumnCount + 4)), ct);

    /// <returns>False when it has been redeemed or has expired: this caller is not the one.</returns>
    internal static async ValueTask<bool> RedeemCodeAsync(TenantTransaction tx, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(RedeemCode, [("now", now), ("hash", hash)], ct) == 1;

    /// <summary>Opens the family: its first refresh token is the first generation.</summary>
    internal static async ValueTask<bool> BeginAsync(TenantTransaction tx, GrantId id, DateTimeOffset now, DateTimeOffset expires, CancellationToken ct) =>
        await tx.ExecuteAsync(Begin, [("now", now), ("expires", expires), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> RevokeAsync(TenantTransaction tx, GrantId id, string reason, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Revoke, [("now", now), ("reason", reason), ("id", id)], ct) == 1;

    internal static ValueTask<List<GrantId>> RevokeOfSessionAsync(TenantTransaction tx, SessionId session, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(RevokeOfSession, [("now", now), ("reason", reason), ("session", session)], ReadId, ct);

    internal static ValueTask<List<GrantId>> RevokeOfUserAsync(TenantTransaction tx, UserId user, SessionId? kept, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(RevokeOfUser, [("now", now), ("reason", reason), ("user", user), ("kept", kept ?? default)], ReadId, ct);

    internal static ValueTask<List<GrantId>> RevokeOfUserAndClientAsync(TenantTransaction tx, UserId user, ClientId client, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(RevokeOfUserAndClient, [("now", now), ("reason", reason), ("user", user), ("client", client)], ReadId, ct);

    internal static ValueTask<List<GrantId>> RevokeOfClientAsync(TenantTransaction tx, ClientId client, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(RevokeOfClient, [("now", now), ("reason", reason), ("client", client)], ReadId, ct);

    internal static ValueTask<List<GrantId>> RevokeOfMemberAsync(TenantTransaction tx, OrganizationId organization, UserId user, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(RevokeOfMember, [("now", now), ("reason", reason), ("organization", organization), ("user", user)], ReadId, ct);

    internal static ValueTask<List<GrantId>> RevokeOfOrganizationAsync(TenantTransaction tx, OrganizationId organization, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(RevokeOfOrganization, [("now", now), ("reason", reason), ("organization", organization)], ReadId, ct);

    internal static ValueTask<OrganizationId?> FindOrganizationAsync(TenantTransaction tx, GrantId id, UserId user, CancellationToken ct) =>
        tx.FindValueAsync(SelectOrganization, [("id", id), ("user", user)], row => row.Id<OrganizationId>(0), ct);

    internal static Grant ReadGrant(SqlRow row) => new(row.Id<GrantId>(0), row.Id<ClientId>(1), row.Id<UserId>(2), row.Id<SessionId>(3),
        Split(row.Text(4)), Split(row.Text(5)), row.Time(6), Split(row.Text(7)), row.Time(8), row.Time(9), row.Long(10), row.TimeOrNull(11), row.TextOrNull(12)) { OrganizationId = row.IdOrNull<OrganizationId>(13), ActorId = row.IdOrNull<UserId>(14) };

    private static GrantId ReadId(SqlRow row) => row.Id<GrantId>(0);

    internal static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
