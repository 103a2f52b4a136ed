using Gatehouse.Storage;

namespace Gatehouse.Tenants;

/// <summary>A table that has a <c>tenant_id</c>, as the database's own catalogue describes it.</summary>
/// <param name="Columns">Without <c>tenant_id</c>, in the order in which they were made.</param>
/// <param name="Key">Of the primary key, what follows <c>tenant_id</c>.</param>
internal sealed record TenantTable(string Name, IReadOnlyList<TenantColumn> Columns, IReadOnlyList<TenantColumn> Key);

/// <param name="Type">As migrations write it: <c>uuid</c>, <c>text</c>, <c>bigint</c>, <c>boolean</c>, <c>bytea</c>, <c>timestamptz</c>, <c>jsonb</c>.</param>
internal sealed record TenantColumn(string Name, string Type);

/// <summary>
/// What tenants own, asked of the schema itself: whoever empties a tenant or copies it cannot forget a new room's table. The names come from the catalogue, never from
/// outside; what is not a plain name is not ours.
/// </summary>
internal static class TenantTables
{
    private const string Sqlite = """
        SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name IS NOT NULL
        WHERE m.type = 'table' ORDER BY m.name, c.cid
        """;

    private const string Postgres = """
        SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
        JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position
        """;

    private const string PostgresKeys = """
        SELECT u.table_name, u.column_name, u.ordinal_position FROM information_schema.key_column_usage u
        JOIN information_schema.table_constraints p ON p.constraint_schema = u.constraint_schema AND p.constraint_name = u.constraint_name AND p.table_name = u.table_name
        WHERE u.table_schema = current_schema() AND p.constraint_type = 'PRIMARY KEY' ORDER BY u.table_name, u.ordinal_position
        """;

    internal static async ValueTask<IReadOnlyList<TenantTable>> ListAsync(StorageTransaction tx, CancellationToken ct)
    {
        List<(string Table, string Column, string Type, long Key)> columns;
        // SQLite writes the names of its own types in capitals, whatever a migration wrote.
        if (tx.Dialect == Dialect.Sqlite) columns = await tx.ListAsync(Sqlite, [], row => (row.Text(0), row.Text(1), row.Text(2).ToLowerInvariant(), row.Long(3)), ct);
        else
        {
            var keys = (await tx.ListAsync(PostgresKeys, [], row => (Table: row.Text(0), Column: row.Text(1), Place: row.Long(2)), ct)).ToDictionary(k => (k.Table, k.Column), k => k.Place);
            columns = await tx.ListAsync(Postgres, [], row => (row.Text(0), row.Text(1), row.Text(2) == "timestamp with time zone" ? "timestamptz" : row.Text(2), keys.GetValueOrDefault((row.Text(0), row.Text(1)))), ct);
        }
        return [.. columns.GroupBy(c => c.Table, StringComparer.Ordinal).Where(t => t.Any(c => c.Column == "tenant_id")).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new TenantTable(
            Plain(t.Key),
            [.. t.Where(c => c.Column != "tenant_id").Select(c => new TenantColumn(Plain(c.Column), c.Type))],
            [.. t.Where(c => c.Key > 0 && c.Column != "tenant_id").OrderBy(c => c.Key).Select(c => new TenantColumn(Plain(c.Column), c.Type))]))];
    }

    private static string Plain(string name) => name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_') ? name : throw new InvalidOperationException($"{name} is no name of ours.");
}
