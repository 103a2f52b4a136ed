using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Claims;

/// <summary>The SQL of rules. What a rule is for stands in columns beside its document, so that the references end it with the client or API.</summary>
internal static class ClaimRuleStore
{
    internal const int MaxRules = 200;

    private const string Columns = "id, definition, version, created_at, updated_at";

    // At most two hundred, kept in memory whole and paged there.
    private const string ListAll = $"SELECT {Columns} FROM claim_rules WHERE tenant_id = @tenant ORDER BY id LIMIT 1000";
    private const string Select = $"SELECT {Columns} FROM claim_rules WHERE tenant_id = @tenant AND id = @id";
    private const string Count = "SELECT count(*) FROM claim_rules WHERE tenant_id = @tenant";

    private const string Insert = """
        INSERT INTO claim_rules (tenant_id, id, client_id, api_id, definition, version, created_at, updated_at)
        VALUES (@tenant, @id, @client, @api, @definition, 1, @now, @now)
        """;

    private const string Update = """
        UPDATE claim_rules SET client_id = @client, api_id = @api, definition = @definition, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version
        """;

    private const string Delete = "DELETE FROM claim_rules WHERE tenant_id = @tenant AND id = @id AND version = @version";

    internal static ValueTask<List<StoredClaimRule>> ListAsync(TenantTransaction tx, CancellationToken ct) => tx.ListAsync(ListAll, [], Read, ct);

    internal static ValueTask<StoredClaimRule?> FindAsync(TenantTransaction tx, ClaimRuleId id, CancellationToken ct) => tx.FindAsync(Select, [("id", id)], Read, ct);

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, CancellationToken ct) => await tx.FindValueAsync(Count, [], row => row.Long(0), ct) ?? 0;

    internal static ValueTask<int> InsertAsync(TenantTransaction tx, ClaimRule rule, ClaimRuleBody body, DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(Insert, [("id", rule.Id), ("client", rule.Client), ("api", rule.Api), ("definition", Write(body)), ("now", now)], ct);

    /// <returns>False when it was changed since it was read, or is gone.</returns>
    internal static async ValueTask<bool> TryUpdateAsync(TenantTransaction tx, ClaimRule rule, ClaimRuleBody body, long version, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update, [("client", rule.Client), ("api", rule.Api), ("definition", Write(body)), ("now", now), ("id", rule.Id), ("version", version)], ct) == 1;

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, ClaimRuleId id, long version, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("id", id), ("version", version)], ct) == 1;

    private static Json Write(ClaimRuleBody body) => new(JsonSerializer.Serialize(body, ClaimsJson.Default.ClaimRuleBody));

    private static StoredClaimRule Read(SqlRow row) =>
        new(row.Id<ClaimRuleId>(0), JsonSerializer.Deserialize(row.Text(1), ClaimsJson.Default.ClaimRuleBody) ?? throw new InvalidOperationException("A stored rule of claims is empty."), row.Long(2), row.Time(3), row.Time(4));
}
