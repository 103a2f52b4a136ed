using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>A hold: nothing that tells of <see cref="Person"/> (null: nothing at all) is trimmed or erased while it lasts.</summary>
internal sealed record AuditHold(Guid Id, string? Person, string Reason, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ReleasedAt, string? ReleasedBy);

/// <summary>The only SQL over what is kept how long, and over holds.</summary>
internal static class RetentionStore
{
    private const string SelectRules = "SELECT class, days FROM trail_retention WHERE tenant_id = @tenant ORDER BY class LIMIT 1000";
    private const string DeleteRules = "DELETE FROM trail_retention WHERE tenant_id = @tenant";
    private const string InsertRule = "INSERT INTO trail_retention (tenant_id, class, days) VALUES (@tenant, @class, @days)";

    private const string HoldColumns = "id, person, reason, created_at, created_by, released_at, released_by";
    private const string SelectHolds = $"SELECT {HoldColumns} FROM audit_holds WHERE tenant_id = @tenant AND id < @before ORDER BY id DESC LIMIT @limit";
    private const string InsertHold = """
        INSERT INTO audit_holds (tenant_id, id, person, reason, created_at, created_by) VALUES (@tenant, @id, @person, @reason, @now, @by)
        """;
    private const string ReleaseHold = """
        UPDATE audit_holds SET released_at = @now, released_by = @by WHERE tenant_id = @tenant AND id = @id AND released_at IS NULL
        """;
    private const string HoldsPerson = """
        SELECT 1 FROM audit_holds WHERE tenant_id = @tenant AND released_at IS NULL AND (person IS NULL OR person = @person) LIMIT 1
        """;
    private const string CountHolds = "SELECT count(*) FROM audit_holds WHERE tenant_id = @tenant AND released_at IS NULL";

    internal static ValueTask<List<(string Class, long Days)>> ListRulesAsync(TenantTransaction tx, CancellationToken ct) =>
        tx.ListAsync(SelectRules, [], row => (row.Text(0), row.Long(1)), ct);

    internal static async ValueTask ReplaceRulesAsync(TenantTransaction tx, IEnumerable<KeyValuePair<string, int>> rules, CancellationToken ct)
    {
        await tx.ExecuteAsync(DeleteRules, [], ct);
        await tx.ExecuteManyAsync(InsertRule, [.. rules.Select(r => new (string, object?)[] { ("class", r.Key), ("days", (long)r.Value) })], ct);
    }

    internal static ValueTask<List<AuditHold>> ListHoldsAsync(TenantTransaction tx, PageRequest page, CancellationToken ct) =>
        tx.ListAsync(SelectHolds, [("before", page.After ?? new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")), ("limit", page.Limit + 1)],
            row => new AuditHold(row.Guid(0), row.TextOrNull(1), row.Text(2), row.Time(3), row.Text(4), row.TimeOrNull(5), row.TextOrNull(6)), ct);

    internal static async ValueTask InsertHoldAsync(TenantTransaction tx, AuditHold hold, CancellationToken ct) =>
        await tx.ExecuteAsync(InsertHold, [("id", hold.Id), ("person", hold.Person), ("reason", hold.Reason), ("now", hold.CreatedAt), ("by", hold.CreatedBy)], ct);

    internal static async ValueTask<bool> TryReleaseHoldAsync(TenantTransaction tx, Guid id, DateTimeOffset now, string by, CancellationToken ct) =>
        await tx.ExecuteAsync(ReleaseHold, [("now", now), ("by", by), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> IsHeldAsync(TenantTransaction tx, string person, CancellationToken ct) =>
        await tx.FindValueAsync(HoldsPerson, [("person", person)], row => row.Long(0), ct) is not null;

    internal static async ValueTask<long> CountHoldsAsync(TenantTransaction tx, CancellationToken ct) => await tx.FindValueAsync(CountHolds, [], row => row.Long(0), ct) ?? 0;
}
