using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>The only SQL over what waits for the sealer.</summary>
internal static class AuditInbox
{
    private const string Columns =
        "i.id, i.at, i.action, i.outcome, i.actor_kind, i.actor_id, i.target_kind, i.target_id, i.ip, i.user_agent, i.request_id, i.details, i.organization_id, i.personal, i.origin_of, i.personal_of";

    // Inserts and nothing else: no lock on the chain, so appending never makes a sign-in wait for another; with the commit, so it does not wait for the database once more.
    private const string Insert = """
        INSERT INTO audit_inbox (tenant_id, id, at, action, class, outcome, actor_kind, actor_id, target_kind, target_id, organization_id, ip, user_agent, request_id, details, personal, origin_of, personal_of)
        VALUES (@tenant, @id, @at, @action, @class, @outcome, @actor_kind, @actor_id, @target_kind, @target_id, @organization, @ip, @user_agent, @request_id, @details, @personal, @origin_of, @personal_of)
        """;
    // With the keys of those concerned, so that the sealer asks once; and of the oldest alone, however many wait and whatever the planner thinks of them.
    private const string SelectOldest = $"""
        SELECT {Columns}, o.sealed_key AS origin_key, p.sealed_key AS personal_key
        FROM (SELECT * FROM audit_inbox WHERE tenant_id = @tenant ORDER BY id LIMIT @limit) i
        LEFT JOIN trail_person_keys o ON o.tenant_id = i.tenant_id AND o.person = i.origin_of
        LEFT JOIN trail_person_keys p ON p.tenant_id = i.tenant_id AND p.person = i.personal_of
        WHERE i.tenant_id = @tenant ORDER BY i.id
        """;
    // The inbox is mostly empty and sometimes not: a plan made for the one reads all that ever waited, for each batch, when it is the other.
    private const string ByIndex = "SELECT set_config('enable_seqscan', 'off', true)";
    // By name, not by a bound on the id: a transaction that began earlier may commit later.
    private const string Delete = "DELETE FROM audit_inbox WHERE tenant_id = @tenant AND id = @id";
    private const string CountAll = "SELECT count(*) FROM audit_inbox WHERE tenant_id = @tenant";

    internal static void InsertAtCommit(TenantTransaction tx, AuditRow row) =>
        tx.ExecuteAtCommit(Insert,
            [("id", row.Id), ("at", row.At), ("action", row.Action), ("class", row.Class), ("outcome", row.Outcome), ("actor_kind", row.ActorKind), ("actor_id", row.ActorId),
             ("target_kind", row.TargetKind), ("target_id", row.TargetId), ("organization", row.Organization), ("ip", row.Ip), ("user_agent", row.UserAgent),
             ("request_id", row.RequestId), ("details", AuditStore.JsonOrNull(row.Details)), ("personal", AuditStore.JsonOrNull(row.Personal)),
             ("origin_of", row.OriginOf), ("personal_of", row.PersonalOf)]);

    internal static async ValueTask<List<AuditRow>> ListOldestAsync(TenantTransaction tx, int limit, CancellationToken ct)
    {
        if (tx.Dialect == Dialect.Postgres) await tx.ListAsync(ByIndex, [], row => row.Text(0), ct);
        return await tx.ListAsync(SelectOldest, [("limit", limit)], row => Read(row) with { OriginKey = row.BytesOrNull(16), PersonalKey = row.BytesOrNull(17) }, ct);
    }

    internal static async ValueTask DeleteAsync(TenantTransaction tx, IReadOnlyList<AuditRow> rows, CancellationToken ct)
    {
        if (await tx.ExecuteManyAsync(Delete, [.. rows.Select(r => new (string, object?)[] { ("id", r.Id) })], ct) != rows.Count)
            throw new InvalidOperationException("An audit entry was sealed by two.");
    }

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, CancellationToken ct) =>
        await tx.FindValueAsync(CountAll, [], row => row.Long(0), ct) ?? 0;

    /// <summary>Newest first. What waits is little, so one index does for every question.</summary>
    internal static ValueTask<List<AuditRow>> ListAsync(TenantTransaction tx, AuditFilter filter, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectPage(filter), [.. filter.Args(before), .. filter.Ip is { } ip ? new (string, object?)[] { ("ip", ip) } : [], ("limit", limit)], Read, ct);

    private static string SelectPage(AuditFilter filter) => $"""
        SELECT {Columns} FROM audit_inbox i
        WHERE i.tenant_id = @tenant AND i.id >= @from_id AND i.at >= @from AND i.id < @to_id AND i.at < @to{(filter.Actor is null ? "" : " AND i.actor_id = @actor")}{(filter.Target is null ? "" : " AND i.target_id = @target")}{(filter.Action is null ? "" : filter.IsClass ? " AND i.class = @class" : " AND i.action = @action")}{(filter.Organization is null ? "" : " AND i.organization_id = @organization")}{(filter.Outcome is null ? "" : " AND i.outcome = @outcome")}{(filter.Ip is null ? "" : " AND i.ip = @ip")}
        ORDER BY i.id DESC LIMIT @limit
        """;

    private static AuditRow Read(SqlRow row) => new(
        row.Id<AuditId>(0), row.Time(1), row.Text(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7),
        row.Text(8), row.Text(9), row.Text(10), row.TextOrNull(11), null, null)
    {
        Organization = row.IdOrNull<OrganizationId>(12), Personal = row.TextOrNull(13), OriginOf = row.Text(14), PersonalOf = row.Text(15),
    };
}
