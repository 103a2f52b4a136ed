using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>What a list of entries is narrowed by. Each is exact; null does not narrow.</summary>
internal sealed record AuditFilter(string? Actor, string? Target, string? Action, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>The only SQL over a tenant's audit.</summary>
internal static class AuditStore
{
    private const string Columns =
        "id, at, action, outcome, actor_kind, actor_id, target_kind, target_id, ip, user_agent, request_id, details, seq, hash";

    // Inserts and nothing else: no lock on the chain, so appending never makes a sign-in wait for another.
    private const string Insert = """
        INSERT INTO audit_entries (tenant_id, id, at, action, outcome, actor_kind, actor_id, target_kind, target_id, ip, user_agent, request_id, details)
        VALUES (@tenant, @id, @at, @action, @outcome, @actor_kind, @actor_id, @target_kind, @target_id, @ip, @user_agent, @request_id, @details)
        """;
    private const string SelectUnsealed =
        $"SELECT {Columns} FROM audit_entries WHERE tenant_id = @tenant AND seq IS NULL ORDER BY id LIMIT @limit";
    private const string SelectChain =
        $"SELECT {Columns} FROM audit_entries WHERE tenant_id = @tenant AND seq > @after ORDER BY seq LIMIT @limit";
    // Only an entry without a link gets one; the triggers refuse anything else.
    private const string Link = """
        UPDATE audit_entries SET seq = @seq, hash = @hash WHERE tenant_id = @tenant AND id = @id AND seq IS NULL
        """;

    private const string InsertHead = """
        INSERT INTO audit_heads (tenant_id, seq, hash) VALUES (@tenant, 0, @hash) ON CONFLICT DO NOTHING
        """;
    private const string SelectHead = "SELECT seq, hash FROM audit_heads WHERE tenant_id = @tenant";
    // PostgreSQL: two processes must not link after the same head. SQLite has one writer and knows no row locks.
    private const string LockHead = "SELECT seq, hash FROM audit_heads WHERE tenant_id = @tenant FOR UPDATE";
    private const string MoveHead = """
        UPDATE audit_heads SET seq = @seq, hash = @hash WHERE tenant_id = @tenant AND seq = @was
        """;
    // One statement, so that the head and the last entry are seen at one moment.
    private const string SelectEnds = """
        SELECT (SELECT max(seq) FROM audit_entries WHERE tenant_id = @tenant) AS last,
               (SELECT count(*) FROM audit_entries WHERE tenant_id = @tenant AND seq IS NULL) AS unsealed
        """;

    internal static async ValueTask InsertAsync(TenantTransaction tx, AuditRow row, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", row.Id), ("at", row.At), ("action", row.Action), ("outcome", row.Outcome), ("actor_kind", row.ActorKind), ("actor_id", row.ActorId),
             ("target_kind", row.TargetKind), ("target_id", row.TargetId), ("ip", row.Ip), ("user_agent", row.UserAgent),
             ("request_id", row.RequestId), ("details", row.Details is null ? null : new Json(row.Details))], ct);

    // One statement for each set of filters, all of them to be read here: the database plans each for what it asks.
    // Ids carry their time: bounds on the id let the key's own index skip what is outside, the column makes the bound exact.
    private static string SelectPage(AuditFilter filter, PageRequest page) => $"""
        SELECT {Columns} FROM audit_entries
        WHERE tenant_id = @tenant{(filter.Actor is null ? "" : " AND actor_id = @actor")}{(filter.Target is null ? "" : " AND target_id = @target")}{(filter.Action is null ? "" : " AND action = @action")}{(filter.From is null ? "" : " AND id >= @from_id AND at >= @from")}{(filter.To is null ? "" : " AND id < @to_id AND at < @to")}{(page.After is null ? "" : " AND id < @after")}
        ORDER BY id DESC LIMIT @limit
        """;

    /// <summary>Newest first.</summary>
    internal static ValueTask<List<AuditRow>> ListAsync(TenantTransaction tx, AuditFilter filter, PageRequest page, CancellationToken ct)
    {
        List<(string, object?)> args = [];
        if (filter.Actor is { } actor) args.Add(("actor", actor));
        if (filter.Target is { } target) args.Add(("target", target));
        if (filter.Action is { } action) args.Add(("action", action));
        if (filter.From is { } from) args.AddRange([("from_id", IdBound(from)), ("from", from)]);
        if (filter.To is { } to) args.AddRange([("to_id", IdBound(to.AddMilliseconds(1))), ("to", to)]);
        if (page.After is { } after) args.Add(("after", after));
        args.Add(("limit", page.Limit + 1));
        return tx.ListAsync(SelectPage(filter, page), [.. args], Read, ct);
    }

    internal static ValueTask<List<AuditRow>> ListUnsealedAsync(TenantTransaction tx, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectUnsealed, [("limit", limit)], Read, ct);

    internal static ValueTask<List<AuditRow>> ListChainAsync(TenantTransaction tx, long after, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectChain, [("after", after), ("limit", limit)], Read, ct);

    internal static async ValueTask<bool> TryLinkAsync(TenantTransaction tx, AuditId id, AuditHead link, CancellationToken ct) =>
        await tx.ExecuteAsync(Link, [("seq", link.Seq), ("hash", link.Hash), ("id", id)], ct) == 1;

    internal static async ValueTask<AuditHead> FindHeadAsync(TenantTransaction tx, CancellationToken ct) =>
        await tx.FindAsync(SelectHead, [], ReadHead, ct) ?? AuditHead.Empty;

    /// <summary>The head, which nobody else moves before this transaction ends.</summary>
    internal static async ValueTask<AuditHead> LockHeadAsync(TenantTransaction tx, CancellationToken ct)
    {
        await tx.ExecuteAsync(InsertHead, [("hash", AuditHead.Empty.Hash)], ct);
        return await tx.FindAsync(tx.Dialect == Dialect.Postgres ? LockHead : SelectHead, [], ReadHead, ct)
            ?? throw new InvalidOperationException("A tenant's audit head vanished while it was being read.");
    }

    internal static async ValueTask<bool> TryMoveHeadAsync(TenantTransaction tx, AuditHead from, AuditHead to, CancellationToken ct) =>
        await tx.ExecuteAsync(MoveHead, [("seq", to.Seq), ("hash", to.Hash), ("was", from.Seq)], ct) == 1;

    /// <returns>The highest seq of any entry (0: none) and how many wait to be sealed.</returns>
    internal static async ValueTask<(long Last, long Unsealed)> ReadEndsAsync(TenantTransaction tx, CancellationToken ct) =>
        await tx.FindValueAsync(SelectEnds, [], row => (row.LongOrNull(0) ?? 0, row.Long(1)), ct) ?? (0, 0);

    /// <summary>The smallest UUIDv7 of that millisecond: 48 bits of time, then zeros.</summary>
    private static Guid IdBound(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    private static AuditRow Read(SqlRow row) => new(
        row.Id<AuditId>(0), row.Time(1), row.Text(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7),
        row.Text(8), row.Text(9), row.Text(10), row.TextOrNull(11), row.LongOrNull(12), row.BytesOrNull(13));

    private static AuditHead ReadHead(SqlRow row) => new(row.Long(0), row.Bytes(1));
}
