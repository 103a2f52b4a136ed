using Gatehouse.Architecture.Schema;

namespace Gatehouse.Architecture.Sql;

/// <summary>
/// The rule: every reference to a tenant-owned table, at every depth, is limited by <c>alias.tenant_id = @tenant</c> as a condition of its own
/// (not under OR or NOT), or by equality with the tenant_id of a source that is so limited; inserts write <c>@tenant</c>.
/// It concludes only what is certain, so a statement may be safe and still be refused: write the filter.
/// </summary>
internal sealed partial class TenantRule
{
    // What the databases themselves offer; nobody's rows.
    private static readonly string[] SystemTables = ["sqlite_master", "information_schema", "pg_class", "pg_roles", "schema_migrations"];

    private readonly DatabaseSchema schema;
    private readonly List<string> faults = [];
    private readonly SortedSet<string> tables = new(StringComparer.Ordinal);

    private TenantRule(DatabaseSchema schema) => this.schema = schema;

    /// <param name="Tables">Every table that the statement touches.</param>
    internal sealed record Verdict(IReadOnlyList<string> Faults, IReadOnlyCollection<string> Tables);

    internal static Verdict Judge(string sql, DatabaseSchema schema)
    {
        var rule = new TenantRule(schema);
        try { rule.Statement(SqlParser.Parse(sql), null, new(null)); }
        catch (SqlSyntaxException e) { return new([$"cannot be read: {e.Message}"], rule.tables); }
        return new(rule.faults, rule.tables);
    }

    private void Statement(SqlStatement statement, TenantScope? outer, CommonTables around)
    {
        switch (statement)
        {
            case SqlQuery query: Query(query, outer, around); break;
            case InsertStatement insert: Insert(insert, Declare(insert.With, around)); break;
            case UpdateStatement update: Update(update, Declare(update.With, around)); break;
            case DeleteStatement delete: Delete(delete, Declare(delete.With, around)); break;
        }
    }

    private void Insert(InsertStatement insert, CommonTables common)
    {
        var scope = new TenantScope(null);
        var target = scope.Add(Source(insert.Table, common));
        if (target.MustBeFiltered)
        {
            var position = insert.Columns.ToList().IndexOf("tenant_id");
            if (position < 0) faults.Add($"INSERT INTO {target.Table} does not write tenant_id");
            else if (!Writes(insert.Source, position, common)) faults.Add($"INSERT INTO {target.Table} writes a tenant_id that is not @tenant");
            if (insert.Conflict is { Update.Count: > 0 } conflict && !conflict.Target.Contains("tenant_id"))
                faults.Add($"ON CONFLICT on {target.Table} may update another tenant's row: its target lacks tenant_id");
            // The row in the way has the same tenant_id as the new one: the target says so.
            target.Column = TenantColumn.Proven;
        }
        Query(insert.Source, null, common);
        if (insert.Conflict is { } clause)
        {
            scope.Add(new("excluded", "excluded", target.Column, mustBeFiltered: false));
            Set(clause.Update, target, scope, common);
            Nested(clause.Where, scope, common);
        }
        foreach (var item in insert.Returning) Nested(item.Value, scope, common);
    }

    private void Update(UpdateStatement update, CommonTables common)
    {
        var scope = new TenantScope(null);
        var target = scope.Add(Source(update.Table, common));
        if (update.From is { } from) From(from, scope, common);
        Finish(scope, update.Where, common);
        Set(update.Set, target, scope, common);
        foreach (var item in update.Returning) Nested(item.Value, scope, common);
    }

    private void Delete(DeleteStatement delete, CommonTables common)
    {
        var scope = new TenantScope(null);
        scope.Add(Source(delete.Table, common));
        Finish(scope, delete.Where, common);
        foreach (var item in delete.Returning) Nested(item.Value, scope, common);
    }

    private void Set(IReadOnlyList<Assignment> set, RowSource target, TenantScope scope, CommonTables common)
    {
        foreach (var assignment in set)
        {
            if (target.MustBeFiltered && assignment.Columns.Contains("tenant_id")) faults.Add($"{target.Table}.tenant_id is changed: a row never moves to another tenant");
            Nested(assignment.Value, scope, common);
        }
    }

    private bool Writes(SqlQuery source, int position, CommonTables common) => source.Arms.All(arm => arm switch
    {
        ValuesArm values => values.Rows.All(r => position < r.Items.Count && r.Items[position] is ParameterName { Name: "tenant" }),
        SelectArm select => position < select.Items.Count && select.Items.Take(position + 1).All(i => i.Value is not null) && Quietly(select, null, Declare(source.With, common)).IsTenant(select.Items[position].Value),
        _ => false,
    });

    private RowSource Source(TableName name, CommonTables common)
    {
        if (common.Find(name.Name) is { } column) return new(name.Name, name.Alias, column, mustBeFiltered: false);
        if (Array.IndexOf(SystemTables, name.Name) >= 0) return new(name.Name, name.Alias, TenantColumn.Absent, mustBeFiltered: false);
        if (schema.Find(name.Name) is not { } table)
        {
            faults.Add($"no migration makes a table {name.Name}");
            return new(name.Name, name.Alias, TenantColumn.Open, mustBeFiltered: true);
        }
        tables.Add(table.Name);
        return new(name.Name, name.Alias, table.TenantOwned ? TenantColumn.Open : TenantColumn.Absent, table.TenantOwned);
    }
}
