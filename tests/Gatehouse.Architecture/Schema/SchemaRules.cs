using Gatehouse.Architecture.Sql;

namespace Gatehouse.Architecture.Schema;

/// <summary>What a migration may do, and what every tenant-owned table must look like so that it isolates, distributes and upgrades.</summary>
internal static class SchemaRules
{
    private static readonly HashSet<string> PortableTypes = new(StringComparer.Ordinal) { "uuid", "text", "bigint", "boolean", "bytea", "timestamptz", "jsonb" };

    internal static IReadOnlyList<string> Faults(IReadOnlyList<MigrationScript> scripts)
    {
        List<string> faults = [];
        var owned = scripts.SelectMany(s => s.Changes).OfType<TableMade>().Where(IsOwned).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var made = scripts.SelectMany(s => s.Changes.OfType<TableMade>().Select(t => (t.Name, s.Number))).ToLookup(t => t.Name, t => t.Number);
        faults.AddRange(made.Where(t => t.Count() > 1).Select(t => $"table {t.Key} is made {t.Count()} times"));
        foreach (var script in scripts)
            foreach (var change in script.Changes)
                faults.AddRange(Faults(change, script, owned, made).Select(f => $"{script.File}: {f}"));
        return faults;
    }

    private static IEnumerable<string> Faults(SchemaChange change, MigrationScript script, HashSet<string> owned, ILookup<string, string> made) => change switch
    {
        TableMade table => Table(table, owned).Concat(script.Part.Length == 0 ? [] : [$"table {table.Name} is made on one database only"]),
        IndexMade { Unique: true } index when owned.Contains(index.Table) => Starts(index.Columns, $"unique index on {index.Table}"),
        ColumnAdded added => Column(added, owned),
        RowsChanged { Statement: DeleteStatement } when !script.Contract => ["deletes rows outside of a contracting migration"],
        OtherChange other => Other(other, script, made),
        _ => [],
    };

    private static IEnumerable<string> Table(TableMade table, HashSet<string> owned)
    {
        foreach (var column in table.Columns.Where(c => !PortableTypes.Contains(c.Type))) yield return $"{table.Name}.{column.Name} has type {column.Type}, which one of the databases lacks";
        if (!table.HasPrimaryKey) yield return $"{table.Name} has no primary key";
        if (table.Options.Length > 0) yield return $"{table.Name} has options that are not portable: {table.Options}";
        if (!IsOwned(table)) yield break;
        if (table.Columns.Single(c => c.Name == "tenant_id") is not { Type: "uuid", NotNull: true }) yield return $"{table.Name}.tenant_id is not uuid NOT NULL";
        foreach (var key in table.Keys) foreach (var fault in Starts(key, $"key of {table.Name}")) yield return fault;
        foreach (var fault in table.ForeignKeys.SelectMany(f => Foreign(f, table.Name, owned))) yield return fault;
    }

    private static IEnumerable<string> Column(ColumnAdded added, HashSet<string> owned)
    {
        var name = $"{added.Table}.{added.Column.Name}";
        if (!PortableTypes.Contains(added.Column.Type)) yield return $"{name} has type {added.Column.Type}, which one of the databases lacks";
        if (added.Column is { NotNull: true, HasDefault: false }) yield return $"{name} is added NOT NULL without a default: the version before cannot insert";
        if (added.Column.Name == "tenant_id") yield return $"{name} is added later: a table is tenant-owned from the start";
        if (added.Unique && owned.Contains(added.Table)) yield return $"{name} is unique across tenants";
        foreach (var fault in added.ForeignKeys.SelectMany(f => Foreign(f, added.Table, owned))) yield return fault;
    }

    private static IEnumerable<string> Foreign(ForeignKey key, string table, HashSet<string> owned)
    {
        if (!owned.Contains(table)) return [];
        var faults = Starts(key.Columns, $"foreign key of {table}");
        // A reference to the list of tenants names its id; every other one repeats the tenant.
        return owned.Contains(key.Table) ? faults.Concat(Starts(key.Target, $"foreign key's target in {key.Table}")) : faults;
    }

    private static IEnumerable<string> Other(OtherChange other, MigrationScript script, ILookup<string, string> made)
    {
        if (script.Part.Length == 0 && !script.Contract) yield return $"'{other.Words}' is not portable or does not expand";
        else if (script.Contract) yield break;
        // A dialect may finish a table that this very migration makes: nobody uses it yet.
        else if (other.Table is { } table && made[table].Contains(script.Number)) yield break;
        else if (other.Table is not null || other.Words.StartsWith("drop", StringComparison.Ordinal)) yield return $"'{other.Words}' does not expand: the version before may still need what it changes";
    }

    private static IEnumerable<string> Starts(IReadOnlyList<string> columns, string what) =>
        columns is ["tenant_id", ..] ? [] : [$"the {what} ({string.Join(", ", columns)}) does not start with tenant_id"];

    private static bool IsOwned(TableMade table) => table.Columns.Any(c => c.Name == "tenant_id");
}
