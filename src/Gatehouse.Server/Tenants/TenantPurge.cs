using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Tenants;

/// <summary>
/// Removes what deleted tenants owned, from every table that has a <c>tenant_id</c>, as the schema itself lists them: a new room's table
/// cannot be forgotten. A thousand rows per transaction, so that nobody waits for it. The audit stays: it is append-only and must still
/// answer who deleted the tenant.
/// </summary>
internal sealed partial class TenantPurge(ISystemDatabase database, TimeProvider clock, ILogger<TenantPurge> log)
    : RepeatingJob(TimeSpan.FromMinutes(1), clock, log, atStart: false)
{
    private const int Batch = 1000, TenantsPerRound = 20, BatchesPerTable = 50;

    private const string Deleted = "SELECT id FROM tenants WHERE deleted_at IS NOT NULL AND purged_at IS NULL ORDER BY deleted_at LIMIT @limit";
    private const string Done = "UPDATE tenants SET purged_at = @now WHERE id = @id AND purged_at IS NULL";

    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    /// <summary>One round: at most twenty tenants, fifty thousand rows of each table.</summary>
    internal async Task RunAsync(CancellationToken ct)
    {
        List<TenantId> deleted;
        List<string> tables;
        await using (var tx = await database.ReadAsync(ct))
        {
            deleted = await tx.ListAsync(Deleted, [("limit", TenantsPerRound)], row => row.Id<TenantId>(0), ct);
            if (deleted.Count == 0) return;
            tables = [.. (await TenantTables.ListAsync(tx, ct)).Select(t => t.Name)];
        }
        foreach (var tenant in deleted)
        {
            var clean = true;
            foreach (var table in tables)
                if (!table.StartsWith("audit_", StringComparison.Ordinal)) clean &= await EmptyAsync(tenant, table, ct);
            if (!clean) continue;
            await using var tx = await database.BeginAsync(ct);
            await tx.ExecuteAsync(Done, [("now", clock.Now()), ("id", tenant)], ct);
            await tx.CommitAsync(ct);
            LogPurged(log, tenant);
        }
    }

    /// <returns>Whether nothing of the tenant is left in the table.</returns>
    private async ValueTask<bool> EmptyAsync(TenantId tenant, string table, CancellationToken ct)
    {
        // The name is the catalogue's (see TenantTables).
        var place = database.Dialect == Dialect.Sqlite ? "rowid" : "ctid";
        var delete = $"DELETE FROM {table} WHERE tenant_id = @tenant AND {place} IN (SELECT {place} FROM {table} WHERE tenant_id = @tenant LIMIT {Batch})";
        for (var i = 0; i < BatchesPerTable; i++)
        {
            await using var tx = await database.BeginAsync(ct);
            var removed = await tx.For(tenant).ExecuteAsync(delete, [], ct);
            await tx.CommitAsync(ct);
            if (removed < Batch) return true;
        }
        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed everything of deleted tenant {Tenant} but its audit")]
    private static partial void LogPurged(ILogger log, TenantId tenant);
}
