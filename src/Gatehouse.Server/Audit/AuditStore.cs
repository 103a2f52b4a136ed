using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>The only SQL over the chain: entries, head and what is counted beside them.</summary>
internal static class AuditStore
{
    private const string Columns =
        "e.id, e.at, e.action, e.outcome, e.actor_kind, e.actor_id, e.target_kind, e.target_id, e.ip, e.user_agent, e.request_id, e.details, e.seq, e.hash, "
        + "e.form, e.organization_id, e.origin_of, e.personal_of, e.sealed_origin, e.sealed_personal";

    // Those concerned, with the keys that open what tells of them; none where somebody was erased.
    private const string Keys = """
        LEFT JOIN trail_person_keys o ON o.tenant_id = e.tenant_id AND o.person = e.origin_of
        LEFT JOIN trail_person_keys p ON p.tenant_id = e.tenant_id AND p.person = e.personal_of
        """;
    private const string ColumnsAndKeys = Columns + ", o.sealed_key AS origin_key, p.sealed_key AS personal_key";

    private const string Insert = """
        INSERT INTO audit_entries (tenant_id, id, at, action, class, outcome, actor_kind, actor_id, target_kind, target_id, ip, user_agent, request_id, details, seq, hash,
          form, organization_id, origin_of, personal_of, sealed_origin, sealed_personal)
        VALUES (@tenant, @id, @at, @action, @class, @outcome, @actor_kind, @actor_id, @target_kind, @target_id, '', '', @request_id, @details, @seq, @hash,
          2, @organization, @origin_of, @personal_of, @sealed_origin, @sealed_personal)
        """;
    // Entries of form 1 that a process of the version before has written and nobody linked yet.
    private const string SelectUnlinked =
        $"SELECT {Columns} FROM audit_entries e WHERE e.tenant_id = @tenant AND e.seq IS NULL ORDER BY e.id LIMIT @limit";
    private const string SelectChain =
        $"SELECT {Columns} FROM audit_entries e WHERE e.tenant_id = @tenant AND e.seq > @after AND e.seq <= @last ORDER BY e.seq LIMIT @limit";
    private const string SelectChainAndKeys =
        $"SELECT {ColumnsAndKeys} FROM audit_entries e {Keys} WHERE e.tenant_id = @tenant AND e.seq > @after AND e.seq <= @last ORDER BY e.seq LIMIT @limit";
    // The oldest of a class first; nobody's who is held.
    private const string SelectExpired = $"""
        SELECT {ColumnsAndKeys} FROM audit_entries e {Keys}
        WHERE e.tenant_id = @tenant AND e.class = @class AND e.at < @before AND e.seq IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM audit_holds h WHERE h.tenant_id = @tenant AND h.released_at IS NULL AND (h.person IS NULL OR h.person = e.actor_id OR h.person = e.target_id))
        ORDER BY e.at LIMIT @limit
        """;
    private const string SelectActions = "SELECT DISTINCT action FROM audit_counts WHERE tenant_id = @tenant ORDER BY action LIMIT 5000";
    private const string SelectHashAt = "SELECT seq, hash FROM audit_entries WHERE tenant_id = @tenant AND seq = @seq";
    // Only an entry without a link gets one; the triggers refuse anything else.
    private const string Link = """
        UPDATE audit_entries SET seq = @seq, hash = @hash, class = @class WHERE tenant_id = @tenant AND id = @id AND seq IS NULL
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
               (SELECT count(*) FROM audit_entries WHERE tenant_id = @tenant AND seq IS NULL) AS unlinked
        """;

    private const string Count = """
        INSERT INTO audit_counts (tenant_id, day, action, outcome, entries) VALUES (@tenant, @day, @action, @outcome, @entries)
        ON CONFLICT (tenant_id, day, action, outcome) DO UPDATE SET entries = audit_counts.entries + excluded.entries
        """;
    private const string SumByAction = """
        SELECT action, outcome, CAST(sum(entries) AS bigint) AS entries FROM audit_counts WHERE tenant_id = @tenant AND day >= @from AND day <= @to
        GROUP BY action, outcome ORDER BY action, outcome LIMIT 3000
        """;
    private const string SumByDay = """
        SELECT day, outcome, CAST(sum(entries) AS bigint) AS entries FROM audit_counts WHERE tenant_id = @tenant AND day >= @from AND day <= @to
        GROUP BY day, outcome ORDER BY day, outcome LIMIT 3000
        """;

    private const string InsertAddress = """
        INSERT INTO trail_addresses (tenant_id, mac, entry_id, person) VALUES (@tenant, @mac, @entry, @person) ON CONFLICT DO NOTHING
        """;

    // One statement for each set of filters, all of them to be read here: the database plans each for what it asks. What a partial index is
    // for is said in so many words, or a plan for any value could not use it.
    private static string Where(AuditFilter filter) =>
        $"{(filter.Actor is null ? "" : " AND e.actor_id = @actor")}{(filter.Target is null ? "" : " AND e.target_id = @target")}{(filter.Action is null ? "" : filter.IsClass ? " AND e.class = @class" : " AND e.action = @action")}{(filter.Organization is null ? "" : " AND e.organization_id = @organization")}{(filter.Outcome is null ? "" : filter.Outcome == "success" ? " AND e.outcome = @outcome" : " AND e.outcome = @outcome AND e.outcome <> 'success'")}";

    private static string SelectPage(AuditFilter filter) => $"""
        SELECT {ColumnsAndKeys} FROM audit_entries e {Keys}
        WHERE e.tenant_id = @tenant AND e.id >= @from_id AND e.at >= @from AND e.id < @to_id AND e.at < @to{Where(filter)}
        ORDER BY e.id DESC LIMIT @limit
        """;

    // Entries of form 1 have the address in plain.
    private static string SelectPageByPlainAddress(AuditFilter filter) => $"""
        SELECT {ColumnsAndKeys} FROM audit_entries e {Keys}
        WHERE e.tenant_id = @tenant AND e.id >= @from_id AND e.at >= @from AND e.id < @to_id AND e.at < @to{Where(filter)} AND e.ip = @ip AND e.ip <> ''
        ORDER BY e.id DESC LIMIT @limit
        """;

    private static string SelectPageByAddress(AuditFilter filter) => $"""
        SELECT {ColumnsAndKeys} FROM trail_addresses a JOIN audit_entries e ON e.tenant_id = a.tenant_id AND e.id = a.entry_id {Keys}
        WHERE a.tenant_id = @tenant AND a.entry_id >= @from_id AND e.at >= @from AND a.entry_id < @to_id AND e.at < @to{Where(filter)} AND a.mac = @mac
        ORDER BY a.entry_id DESC LIMIT @limit
        """;

    /// <summary>
    /// Newest first; one more than the page has, to tell whether another follows. The inbox is asked before the chain: what is moved
    /// between the two questions is then seen twice, and never not at all.
    /// </summary>
    internal static async ValueTask<List<AuditRow>> ListAsync(TenantTransaction tx, AuditFilter filter, PageRequest page, CancellationToken ct)
    {
        var limit = page.Limit + 1;
        var found = await AuditInbox.ListAsync(tx, filter, page.After, limit, ct);
        (string, object?)[] args = [.. filter.Args(page.After)], last = [("limit", limit)];
        if (filter.Ip is null) found.AddRange(await tx.ListAsync(SelectPage(filter), [.. args, .. last], ReadWithKeys, ct));
        else
        {
            found.AddRange(await tx.ListAsync(SelectPageByPlainAddress(filter), [.. args, ("ip", filter.Ip), .. last], ReadWithKeys, ct));
            found.AddRange(await tx.ListAsync(SelectPageByAddress(filter), [.. args, ("mac", filter.IpMac), .. last], ReadWithKeys, ct));
        }
        return Newest(found, limit);
    }

    /// <summary>The chain's own where an entry was seen in both places; newest first.</summary>
    internal static List<AuditRow> Newest(IEnumerable<AuditRow> rows, int limit) =>
        [.. rows.Reverse().DistinctBy(r => r.Id).OrderByDescending(r => r.Id.ToString(), StringComparer.Ordinal).Take(limit)];

    internal static ValueTask<List<AuditRow>> ListUnlinkedAsync(TenantTransaction tx, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectUnlinked, [("limit", limit)], Read, ct);

    internal static ValueTask<List<AuditRow>> ListChainAsync(TenantTransaction tx, long after, long last, int limit, bool keys, CancellationToken ct) => keys
        ? tx.ListAsync(SelectChainAndKeys, [("after", after), ("last", last), ("limit", limit)], ReadWithKeys, ct)
        : tx.ListAsync(SelectChain, [("after", after), ("last", last), ("limit", limit)], Read, ct);

    internal static ValueTask<List<AuditRow>> ListExpiredAsync(TenantTransaction tx, string name, DateTimeOffset before, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectExpired, [("class", name), ("before", before), ("limit", limit)], ReadWithKeys, ct);

    /// <summary>Every action that was ever sealed.</summary>
    internal static ValueTask<List<string>> ListActionsAsync(TenantTransaction tx, CancellationToken ct) => tx.ListAsync(SelectActions, [], row => row.Text(0), ct);

    internal static ValueTask<AuditHead?> FindLinkAsync(TenantTransaction tx, long seq, CancellationToken ct) =>
        tx.FindAsync(SelectHashAt, [("seq", seq)], ReadHead, ct);

    internal static async ValueTask<bool> TryLinkAsync(TenantTransaction tx, AuditRow row, AuditHead link, CancellationToken ct) =>
        await tx.ExecuteAsync(Link, [("seq", link.Seq), ("hash", link.Hash), ("class", row.Class), ("id", row.Id)], ct) == 1;

    internal static async ValueTask InsertAsync(TenantTransaction tx, IReadOnlyList<AuditRow> rows, CancellationToken ct) =>
        await tx.ExecuteManyAsync(Insert, [.. rows.Select(row => new (string, object?)[]
        {
            ("id", row.Id), ("at", row.At), ("action", row.Action), ("class", row.Class), ("outcome", row.Outcome), ("actor_kind", row.ActorKind), ("actor_id", row.ActorId),
            ("target_kind", row.TargetKind), ("target_id", row.TargetId), ("request_id", row.RequestId), ("details", JsonOrNull(row.Details)), ("seq", row.Seq), ("hash", row.Hash),
            ("organization", row.Organization), ("origin_of", row.OriginOf), ("personal_of", row.PersonalOf), ("sealed_origin", row.SealedOrigin), ("sealed_personal", row.SealedPersonal),
        })], ct);

    internal static async ValueTask InsertAddressesAsync(TenantTransaction tx, IEnumerable<(byte[] Mac, AuditId Entry, string Person)> addresses, CancellationToken ct) =>
        await tx.ExecuteManyAsync(InsertAddress, [.. addresses.Select(a => new (string, object?)[] { ("mac", a.Mac), ("entry", a.Entry), ("person", a.Person) })], ct);

    // In one order, so that nobody who counts waits for another in a ring.
    internal static async ValueTask CountAsync(TenantTransaction tx, IEnumerable<AuditRow> rows, CancellationToken ct) =>
        await tx.ExecuteManyAsync(Count, [.. rows.GroupBy(r => (Day: Day(r.At), r.Action, r.Outcome)).OrderBy(g => g.Key).Select(g => new (string, object?)[]
        {
            ("day", g.Key.Day), ("action", g.Key.Action), ("outcome", g.Key.Outcome), ("entries", (long)g.Count()),
        })], ct);

    internal static ValueTask<List<(string Action, string Outcome, long Entries)>> SumByActionAsync(TenantTransaction tx, string from, string to, CancellationToken ct) =>
        tx.ListAsync(SumByAction, [("from", from), ("to", to)], row => (row.Text(0), row.Text(1), row.Long(2)), ct);

    internal static ValueTask<List<(string Day, string Outcome, long Entries)>> SumByDayAsync(TenantTransaction tx, string from, string to, CancellationToken ct) =>
        tx.ListAsync(SumByDay, [("from", from), ("to", to)], row => (row.Text(0), row.Text(1), row.Long(2)), ct);

    internal static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

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

    /// <returns>The highest seq of any entry (0: none) and how many wait for theirs.</returns>
    internal static async ValueTask<(long Last, long Unsealed)> ReadEndsAsync(TenantTransaction tx, CancellationToken ct)
    {
        var (last, unlinked) = await tx.FindValueAsync(SelectEnds, [], row => (row.LongOrNull(0) ?? 0, row.Long(1)), ct) ?? (0, 0);
        return (last, unlinked + await AuditInbox.CountAsync(tx, ct));
    }

    internal static Json? JsonOrNull(string? text) => text is null ? null : new Json(text);

    private static AuditRow Read(SqlRow row) => new(
        row.Id<AuditId>(0), row.Time(1), row.Text(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7),
        row.Text(8), row.Text(9), row.Text(10), row.TextOrNull(11), row.LongOrNull(12), row.BytesOrNull(13))
    {
        Form = row.Int(14), Organization = row.IdOrNull<OrganizationId>(15), OriginOf = row.TextOrNull(16), PersonalOf = row.TextOrNull(17),
        SealedOrigin = row.BytesOrNull(18), SealedPersonal = row.BytesOrNull(19),
    };

    private static AuditRow ReadWithKeys(SqlRow row) => Read(row) with { OriginKey = row.BytesOrNull(20), PersonalKey = row.BytesOrNull(21) };

    private static AuditHead ReadHead(SqlRow row) => new(row.Long(0), row.Bytes(1));
}
