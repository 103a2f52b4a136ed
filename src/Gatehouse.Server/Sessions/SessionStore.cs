using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Sessions;

/// <summary>Which sessions have not run out, computed from the tenant's settings of this moment: shortening a lifetime works at once.</summary>
internal readonly record struct LiveSince(DateTimeOffset Authenticated, DateTimeOffset Seen, SessionSettings Settings)
{
    internal static LiveSince At(DateTimeOffset now, SessionSettings settings) =>
        new(now.AddSeconds(-settings.AbsoluteSeconds), now.AddSeconds(-settings.IdleSeconds), settings);
}

/// <summary>The SQL of sessions. Live: not ended, proved within the absolute time, seen within the idle time.</summary>
internal static class SessionStore
{
    private const string Columns = "id, user_id, created_at, authenticated_at, last_seen_at, methods, ip_address, user_agent, name, organization_id";
    private const string Live = "ended_at IS NULL AND authenticated_at > @authenticated AND last_seen_at > @seen";

    private const string SelectBySecret = $"SELECT {Columns} FROM sessions WHERE tenant_id = @tenant AND secret_hash = @hash AND {Live}";
    private const string SelectById = $"SELECT {Columns} FROM sessions WHERE tenant_id = @tenant AND id = @id AND {Live}";

    // Newest first by id; the bound of the first page is the highest id.
    private const string SelectByUser = $"""
        SELECT {Columns} FROM sessions WHERE tenant_id = @tenant AND user_id = @user AND id < @before AND {Live}
        ORDER BY id DESC LIMIT @limit
        """;

    private const string SelectByUserOldestFirst = $"""
        SELECT {Columns} FROM sessions WHERE tenant_id = @tenant AND user_id = @user AND id > @after AND {Live}
        ORDER BY id LIMIT @limit
        """;

    private const string Insert = """
        INSERT INTO sessions (tenant_id, id, user_id, secret_hash, created_at, authenticated_at, last_seen_at, methods, ip_address, user_agent, organization_id)
        VALUES (@tenant, @id, @user, @hash, @now, @authenticated, @now, @methods, @ip, @agent, @organization)
        """;

    // The old secret is part of the condition: of two sign-ins in one browser, the second finds another secret and begins anew.
    private const string Renew = """
        UPDATE sessions SET secret_hash = @renewed, authenticated_at = @authenticated, last_seen_at = @now, methods = @methods, ip_address = @ip, user_agent = @agent, organization_id = @organization
        WHERE tenant_id = @tenant AND id = @id AND secret_hash = @hash AND ended_at IS NULL
        """;

    private const string Rotate = "UPDATE sessions SET secret_hash = @renewed WHERE tenant_id = @tenant AND id = @id AND secret_hash = @hash AND ended_at IS NULL";

    // Changes nothing; locks the row, so that whoever ends the session waits.
    private const string Hold = "UPDATE sessions SET last_seen_at = last_seen_at WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND ended_at IS NULL";

    // At most one write a minute for a session however many requests it makes.
    private const string Touch = """
        UPDATE sessions SET last_seen_at = @now WHERE tenant_id = @tenant AND id = @id AND ended_at IS NULL AND last_seen_at < @stale
        """;

    private const string End = """
        UPDATE sessions SET ended_at = @now, end_reason = @reason WHERE tenant_id = @tenant AND id = @id AND ended_at IS NULL
        RETURNING user_id
        """;

    private const string EndOfUser = """
        UPDATE sessions SET ended_at = @now, end_reason = @reason WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND ended_at IS NULL
        """;

    // The empty id stands for "no exception": no session has it.
    private const string EndAll = """
        UPDATE sessions SET ended_at = @now, end_reason = @reason WHERE tenant_id = @tenant AND user_id = @user AND id <> @except AND ended_at IS NULL
        RETURNING id
        """;

    private const string SetName = "UPDATE sessions SET name = @name WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND ended_at IS NULL";

    private const string Choose = "UPDATE sessions SET organization_id = @organization WHERE tenant_id = @tenant AND id = @id AND user_id = @user AND ended_at IS NULL";

    private const string LeaveOfUser = "UPDATE sessions SET organization_id = NULL WHERE tenant_id = @tenant AND organization_id = @organization AND user_id = @user";
    private const string LeaveOfAll = "UPDATE sessions SET organization_id = NULL WHERE tenant_id = @tenant AND organization_id = @organization";

    // The row that was just inserted is the newest; of the others as many stay as there is room for. Only under the user's lock is that exact.
    private const string EndOldest = $"""
        UPDATE sessions SET ended_at = @now, end_reason = @reason WHERE tenant_id = @tenant AND user_id = @user AND ended_at IS NULL AND id IN
          (SELECT id FROM sessions WHERE tenant_id = @tenant AND user_id = @user AND id <> @newest AND {Live}
           ORDER BY created_at DESC, id DESC LIMIT @all OFFSET @stay)
        RETURNING id
        """;

    private const string DeleteOfUser = "DELETE FROM sessions WHERE tenant_id = @tenant AND user_id = @user";

    internal static ValueTask<Session?> FindBySecretAsync(TenantTransaction tx, byte[] hash, LiveSince live, CancellationToken ct) =>
        tx.FindAsync(SelectBySecret, [("hash", hash), ("authenticated", live.Authenticated), ("seen", live.Seen)], row => Read(row, live), ct);

    internal static ValueTask<Session?> FindAsync(TenantTransaction tx, SessionId id, LiveSince live, CancellationToken ct) =>
        tx.FindAsync(SelectById, [("id", id), ("authenticated", live.Authenticated), ("seen", live.Seen)], row => Read(row, live), ct);

    internal static ValueTask<List<Session>> ListAsync(TenantTransaction tx, UserId user, Guid? before, int limit, LiveSince live, CancellationToken ct) =>
        tx.ListAsync(SelectByUser,
            [("user", user), ("before", before ?? Guid.AllBitsSet), ("authenticated", live.Authenticated), ("seen", live.Seen), ("limit", limit)], row => Read(row, live), ct);

    internal static ValueTask<List<Session>> ListOldestFirstAsync(TenantTransaction tx, UserId user, Guid? after, int limit, LiveSince live, CancellationToken ct) =>
        tx.ListAsync(SelectByUserOldestFirst,
            [("user", user), ("after", after ?? Guid.Empty), ("authenticated", live.Authenticated), ("seen", live.Seen), ("limit", limit)], row => Read(row, live), ct);

    internal static async ValueTask InsertAsync(TenantTransaction tx, Session session, byte[] hash, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", session.Id), ("user", session.UserId), ("hash", hash), ("now", session.CreatedAt), ("authenticated", session.AuthenticatedAt), ("methods", string.Join(' ', session.Methods)), ("ip", session.IpAddress), ("agent", session.UserAgent), ("organization", session.OrganizationId)], ct);

    /// <returns>False when it ended, or got another secret, meanwhile.</returns>
    internal static async ValueTask<bool> RenewAsync(TenantTransaction tx, Session session, byte[] hash, byte[] renewed, CancellationToken ct) =>
        await tx.ExecuteAsync(Renew,
            [("renewed", renewed), ("authenticated", session.AuthenticatedAt), ("now", session.LastSeenAt), ("methods", string.Join(' ', session.Methods)), ("ip", session.IpAddress), ("agent", session.UserAgent), ("organization", session.OrganizationId), ("id", session.Id), ("hash", hash)], ct) == 1;

    /// <returns>False when it ended, or got another secret, meanwhile.</returns>
    internal static async ValueTask<bool> RotateAsync(TenantTransaction tx, SessionId id, byte[] hash, byte[] renewed, CancellationToken ct) =>
        await tx.ExecuteAsync(Rotate, [("renewed", renewed), ("id", id), ("hash", hash)], ct) == 1;

    internal static async ValueTask<bool> HoldAsync(TenantTransaction tx, SessionId id, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(Hold, [("id", id), ("user", user)], ct) == 1;

    internal static async ValueTask<bool> TouchAsync(TenantTransaction tx, SessionId id, DateTimeOffset now, DateTimeOffset stale, CancellationToken ct) =>
        await tx.ExecuteAsync(Touch, [("now", now), ("id", id), ("stale", stale)], ct) == 1;

    /// <returns>Whose it was; null when it had ended or never was.</returns>
    internal static ValueTask<UserId?> EndAsync(TenantTransaction tx, SessionId id, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.FindValueAsync(End, [("now", now), ("reason", reason), ("id", id)], row => row.Id<UserId>(0), ct);

    /// <returns>False when it had ended, never was, or is somebody else's.</returns>
    internal static async ValueTask<bool> EndAsync(TenantTransaction tx, SessionId id, UserId owner, string reason, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(EndOfUser, [("now", now), ("reason", reason), ("id", id), ("user", owner)], ct) == 1;

    internal static ValueTask<List<SessionId>> EndAllAsync(TenantTransaction tx, UserId user, SessionId? except, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(EndAll, [("now", now), ("reason", reason), ("user", user), ("except", except ?? default)], row => row.Id<SessionId>(0), ct);

    /// <returns>False when it ended, never was, or is somebody else's.</returns>
    internal static async ValueTask<bool> NameAsync(TenantTransaction tx, SessionId id, UserId owner, string? name, CancellationToken ct) =>
        await tx.ExecuteAsync(SetName, [("name", name), ("id", id), ("user", owner)], ct) == 1;

    /// <returns>False when it ended, never was, or is somebody else's.</returns>
    internal static async ValueTask<bool> ChooseAsync(TenantTransaction tx, SessionId id, UserId owner, OrganizationId? organization, CancellationToken ct) =>
        await tx.ExecuteAsync(Choose, [("organization", organization), ("id", id), ("user", owner)], ct) == 1;

    internal static async ValueTask LeaveAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(LeaveOfUser, [("organization", organization), ("user", user)], ct);

    internal static async ValueTask LeaveAsync(TenantTransaction tx, OrganizationId organization, CancellationToken ct) =>
        await tx.ExecuteAsync(LeaveOfAll, [("organization", organization)], ct);

    /// <param name="stay">How many of the user's live sessions go on beside <paramref name="newest"/>.</param>
    /// <returns>Those that ended.</returns>
    internal static ValueTask<List<SessionId>> EndOldestAsync(TenantTransaction tx, UserId user, SessionId newest, int stay, string reason, DateTimeOffset now, LiveSince live, CancellationToken ct) =>
        tx.ListAsync(EndOldest,
            [("now", now), ("reason", reason), ("user", user), ("newest", newest), ("authenticated", live.Authenticated), ("seen", live.Seen), ("all", int.MaxValue), ("stay", stay)],
            row => row.Id<SessionId>(0), ct);

    internal static async ValueTask DeleteOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOfUser, [("user", user)], ct);

    private static Session Read(SqlRow row, LiveSince live)
    {
        var (authenticated, seen) = (row.Time(3), row.Time(4));
        return new(row.Id<SessionId>(0), row.Id<UserId>(1), row.Time(2), authenticated, seen, ExpiryOf(authenticated, seen, live.Settings),
            row.Text(5).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.Text(6), row.Text(7), row.TextOrNull(8)) { OrganizationId = row.IdOrNull<OrganizationId>(9) };
    }

    internal static DateTimeOffset ExpiryOf(DateTimeOffset authenticated, DateTimeOffset seen, SessionSettings settings)
    {
        var (absolute, idle) = (authenticated.AddSeconds(settings.AbsoluteSeconds), seen.AddSeconds(settings.IdleSeconds));
        return absolute < idle ? absolute : idle;
    }
}
