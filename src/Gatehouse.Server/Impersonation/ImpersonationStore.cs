using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Impersonation;

/// <summary>One impersonation as it is stored.</summary>
/// <param name="SessionId">What tokens call the session that it makes; no row of sessions has it.</param>
/// <param name="ActorSessionId">The actor's own, in the browser in which it may begin.</param>
/// <param name="LinkEndsAt">Until when it may begin.</param>
/// <param name="EndsAt">Until when it lasts; before it begins, until when it could at most.</param>
internal sealed record StoredImpersonation(ImpersonationId Id, SessionId SessionId, UserId Actor, SessionId ActorSessionId, UserId User, string Reason, int Minutes,
    DateTimeOffset LinkEndsAt, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset EndsAt, DateTimeOffset? EndedAt, string? EndReason);

/// <summary>The SQL of impersonations.</summary>
internal static class ImpersonationStore
{
    private const string Columns = "id, session_id, actor_id, actor_session_id, user_id, reason, minutes, link_ends_at, created_at, started_at, ends_at, ended_at, end_reason";

    private const string Insert = """
        INSERT INTO impersonations (tenant_id, id, session_id, actor_id, actor_session_id, user_id, reason, minutes, link_hash, link_ends_at, created_at, ends_at)
        VALUES (@tenant, @id, @session, @actor, @actor_session, @user, @reason, @minutes, @link, @link_ends, @now, @ends)
        """;

    private const string ById = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND id = @id";
    private const string ByLink = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND link_hash = @link AND started_at IS NULL AND ended_at IS NULL AND link_ends_at > @now";
    private const string BySecret = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND secret_hash = @secret AND ended_at IS NULL AND ends_at > @now";
    private const string BySession = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND session_id = @session AND started_at IS NOT NULL AND ended_at IS NULL AND ends_at > @now";
    private const string NewestFirst = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND id < @after ORDER BY id DESC LIMIT @limit";
    private const string OldestFirst = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND id > @after ORDER BY id LIMIT @limit";
    private const string NewestOfUser = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND user_id = @user AND id < @after ORDER BY id DESC LIMIT @limit";
    private const string OldestOfUser = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND user_id = @user AND id > @after ORDER BY id LIMIT @limit";
    // All of them: what begins lasts eight hours at most, and no tenant has many that do.
    private const string Live = $"SELECT {Columns} FROM impersonations WHERE tenant_id = @tenant AND ends_at > @now AND ended_at IS NULL";

    // Once: the link's condition is in the statement, and so is the browser's session.
    private const string Start = """
        UPDATE impersonations SET secret_hash = @secret, started_at = @now, ends_at = @ends
        WHERE tenant_id = @tenant AND id = @id AND actor_session_id = @session AND started_at IS NULL AND ended_at IS NULL AND link_ends_at > @now
        """;

    private const string EndOne = $"UPDATE impersonations SET ended_at = @now, end_reason = @reason WHERE tenant_id = @tenant AND id = @id AND ended_at IS NULL AND ends_at > @now RETURNING {Columns}";
    private const string EndOfActorSession = $"UPDATE impersonations SET ended_at = @now, end_reason = @reason WHERE tenant_id = @tenant AND actor_session_id = @session AND ended_at IS NULL AND ends_at > @now AND id <> @kept RETURNING {Columns}";
    private const string EndOfUser = $"UPDATE impersonations SET ended_at = @now, end_reason = @reason WHERE tenant_id = @tenant AND user_id = @user AND ended_at IS NULL AND ends_at > @now RETURNING {Columns}";
    private const string EndOfActor = $"UPDATE impersonations SET ended_at = @now, end_reason = @reason WHERE tenant_id = @tenant AND actor_id = @user AND ended_at IS NULL AND ends_at > @now RETURNING {Columns}";

    private const string OldOf = "SELECT DISTINCT tenant_id FROM impersonations WHERE ends_at < @cutoff LIMIT 1000";
    private const string DeleteOld = """
        DELETE FROM impersonations WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM impersonations WHERE tenant_id = @tenant AND ends_at < @cutoff LIMIT 1000)
        """;

    /// <summary>The audit keeps what happened; the rows go after ninety days.</summary>
    internal static ExpiredRows Pruning { get; } = new("impersonations", OldOf, DeleteOld, TimeSpan.FromDays(90));

    internal static ValueTask<int> InsertAsync(TenantTransaction tx, StoredImpersonation wanted, byte[] link, CancellationToken ct) =>
        tx.ExecuteAsync(Insert, [("id", wanted.Id), ("session", wanted.SessionId), ("actor", wanted.Actor), ("actor_session", wanted.ActorSessionId), ("user", wanted.User), ("reason", wanted.Reason),
            ("minutes", wanted.Minutes), ("link", link), ("link_ends", wanted.LinkEndsAt), ("now", wanted.CreatedAt), ("ends", wanted.EndsAt)], ct);

    internal static ValueTask<StoredImpersonation?> FindAsync(TenantTransaction tx, ImpersonationId id, CancellationToken ct) => tx.FindAsync(ById, [("id", id)], Read, ct);

    /// <summary>One that may still begin.</summary>
    internal static ValueTask<StoredImpersonation?> FindByLinkAsync(TenantTransaction tx, byte[] link, DateTimeOffset now, CancellationToken ct) => tx.FindAsync(ByLink, [("link", link), ("now", now)], Read, ct);

    /// <summary>One that lasts.</summary>
    internal static ValueTask<StoredImpersonation?> FindBySecretAsync(TenantTransaction tx, byte[] secret, DateTimeOffset now, CancellationToken ct) => tx.FindAsync(BySecret, [("secret", secret), ("now", now)], Read, ct);

    /// <summary>One that lasts.</summary>
    internal static ValueTask<StoredImpersonation?> FindBySessionAsync(TenantTransaction tx, SessionId session, DateTimeOffset now, CancellationToken ct) => tx.FindAsync(BySession, [("session", session), ("now", now)], Read, ct);

    /// <summary>Those that last or may still begin.</summary>
    internal static ValueTask<List<StoredImpersonation>> ListLiveAsync(TenantTransaction tx, DateTimeOffset now, CancellationToken ct) => tx.ListAsync(Live, [("now", now)], Read, ct);

    internal static ValueTask<List<StoredImpersonation>> ListAsync(TenantTransaction tx, bool newestFirst, Guid? after, int limit, CancellationToken ct) => newestFirst
        ? tx.ListAsync(NewestFirst, [("after", after ?? Guid.AllBitsSet), ("limit", limit)], Read, ct)
        : tx.ListAsync(OldestFirst, [("after", after ?? Guid.Empty), ("limit", limit)], Read, ct);

    internal static ValueTask<List<StoredImpersonation>> ListOfUserAsync(TenantTransaction tx, UserId user, bool newestFirst, Guid? after, int limit, CancellationToken ct) => newestFirst
        ? tx.ListAsync(NewestOfUser, [("user", user), ("after", after ?? Guid.AllBitsSet), ("limit", limit)], Read, ct)
        : tx.ListAsync(OldestOfUser, [("user", user), ("after", after ?? Guid.Empty), ("limit", limit)], Read, ct);

    /// <returns>False when it has begun, ended or run out, or this is not the session it was made in.</returns>
    internal static async ValueTask<bool> TryStartAsync(TenantTransaction tx, ImpersonationId id, SessionId session, byte[] secret, DateTimeOffset now, DateTimeOffset ends, CancellationToken ct) =>
        await tx.ExecuteAsync(Start, [("secret", secret), ("now", now), ("ends", ends), ("id", id), ("session", session)], ct) == 1;

    internal static ValueTask<StoredImpersonation?> EndAsync(TenantTransaction tx, ImpersonationId id, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(EndOne, [("now", now), ("reason", reason), ("id", id)], Read, ct);

    /// <param name="kept">The one that goes on; the empty id: none.</param>
    internal static ValueTask<List<StoredImpersonation>> EndOfActorSessionAsync(TenantTransaction tx, SessionId session, ImpersonationId kept, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(EndOfActorSession, [("now", now), ("reason", reason), ("session", session), ("kept", kept)], Read, ct);

    internal static ValueTask<List<StoredImpersonation>> EndOfUserAsync(TenantTransaction tx, UserId user, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(EndOfUser, [("now", now), ("reason", reason), ("user", user)], Read, ct);

    internal static ValueTask<List<StoredImpersonation>> EndOfActorAsync(TenantTransaction tx, UserId actor, string reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(EndOfActor, [("now", now), ("reason", reason), ("user", actor)], Read, ct);

    private static StoredImpersonation Read(SqlRow row) => new(row.Id<ImpersonationId>(0), row.Id<SessionId>(1), row.Id<UserId>(2), row.Id<SessionId>(3), row.Id<UserId>(4), row.Text(5), row.Int(6),
        row.Time(7), row.Time(8), row.TimeOrNull(9), row.Time(10), row.TimeOrNull(11), row.TextOrNull(12));
}
