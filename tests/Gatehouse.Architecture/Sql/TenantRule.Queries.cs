namespace Gatehouse.Architecture.Sql;

internal sealed partial class TenantRule
{
    /// <summary>The common tables in sight, and what each says about tenants. An inner one hides an outer one of the same name.</summary>
    private sealed class CommonTables(CommonTables? outer)
    {
        private readonly Dictionary<string, TenantColumn> tables = new(StringComparer.Ordinal);

        internal void Add(string name, TenantColumn column) => tables[name] = column;

        internal TenantColumn? Find(string name) => tables.TryGetValue(name, out var column) ? column : outer?.Find(name);
    }

    private CommonTables Declare(IReadOnlyList<CommonTable> with, CommonTables around)
    {
        var common = new CommonTables(around);
        foreach (var table in with)
        {
            // A recursive table sees itself: what its first arm says of tenants is assumed of it, and dropped when it does not hold of all.
            if (table.Body is SqlQuery { Arms.Count: > 1 } recursive)
                common.Add(table.Name, Silently(() => Output(recursive with { Arms = [recursive.Arms[0]] }, table.Columns, null, common)));
            var column = table.Body is SqlQuery query ? Silently(() => Output(query, table.Columns, null, common)) : TenantColumn.Open;
            common.Add(table.Name, column);
            Statement(table.Body, null, common);
        }
        return common;
    }

    private void Query(SqlQuery query, TenantScope? outer, CommonTables around)
    {
        var common = Declare(query.With, around);
        TenantScope? last = null;
        foreach (var arm in query.Arms) last = Arm(arm, outer, common);
        // ORDER BY and LIMIT of a single SELECT see its sources; of a combination only the outcome.
        foreach (var part in query.Tail) Nested(part, query.Arms.Count == 1 ? last : outer, common);
    }

    private TenantScope? Arm(QueryArm arm, TenantScope? outer, CommonTables common)
    {
        if (arm is not SelectArm select)
        {
            foreach (var row in ((ValuesArm)arm).Rows) Nested(row, outer, common);
            return outer;
        }
        var scope = new TenantScope(outer);
        if (select.From is { } from) From(from, scope, common);
        Finish(scope, select.Where, common);
        foreach (var item in select.Items) Nested(item.Value, scope, common);
        foreach (var part in select.Rest) Nested(part, scope, common);
        return scope;
    }

    /// <returns>The sources that this part of FROM brings in.</returns>
    private List<RowSource> From(FromItem item, TenantScope scope, CommonTables common)
    {
        switch (item)
        {
            case TableName table:
                return [scope.Add(Source(table, common))];
            case DerivedTable derived:
                // Without LATERAL it cannot see its neighbours, with it it could: nothing is concluded from them either way.
                Query(derived.Query, null, common);
                return [scope.Add(new("(query)", derived.Alias, Silently(() => Output(derived.Query, derived.Columns, null, common)), mustBeFiltered: false))];
            case TableFunction function:
                foreach (var argument in function.Arguments) Nested(argument, scope, common);
                return [scope.Add(new("(function)", function.Alias, TenantColumn.Absent, mustBeFiltered: false))];
            case Join join:
                var left = From(join.Left, scope, common);
                var right = From(join.Right, scope, common);
                List<RowSource> both = [.. left, .. right];
                // The side that an outer join keeps is not limited by its condition.
                var limits = join.Kind switch { JoinKind.Inner => both, JoinKind.Left => right, JoinKind.Right => left, _ => [] };
                scope.Demand(join.On, limits);
                if (join.Using.Contains("tenant_id") && Bearer(left) is { } l && Bearer(right) is { } r)
                    scope.Demand(new BinaryExpression("=", new ColumnName(l.Alias, "tenant_id"), new ColumnName(r.Alias, "tenant_id")), limits);
                later.Add((join.On, scope));
                return both;
            default:
                throw new SqlSyntaxException($"Unknown source {item}.");
        }
    }

    // Conditions of joins are searched for queries only when everything about the scope's sources has been concluded.
    private readonly List<(SqlExpression? Condition, TenantScope Scope)> later = [];

    private static RowSource? Bearer(List<RowSource> sources) => sources.FindAll(s => s.Column != TenantColumn.Absent) is [var only] ? only : null;

    private void Finish(TenantScope scope, SqlExpression? where, CommonTables common)
    {
        scope.Demand(where, scope.Sources);
        scope.Conclude();
        foreach (var source in scope.Sources.Where(s => s is { MustBeFiltered: true, Column: not TenantColumn.Proven }))
            faults.Add($"{source.Table}{(source.Alias == source.Table ? "" : " " + source.Alias)} is not limited to @tenant");
        Nested(where, scope, common);
        foreach (var (condition, _) in later.Where(l => l.Scope == scope).ToList()) Nested(condition, scope, common);
        later.RemoveAll(l => l.Scope == scope);
    }

    /// <summary>Judges every query inside an expression.</summary>
    private void Nested(SqlExpression? expression, TenantScope? scope, CommonTables common)
    {
        switch (expression)
        {
            case NestedQuery nested: Query(nested.Query, scope, common); break;
            case BinaryExpression binary: Nested(binary.Left, scope, common); Nested(binary.Right, scope, common); break;
            case RowValue row: foreach (var item in row.Items) Nested(item, scope, common); break;
            case OtherExpression other: foreach (var part in other.Parts) Nested(part, scope, common); break;
        }
    }

    /// <summary>What the tenant_id that a query puts out, if any, says.</summary>
    private TenantColumn Output(SqlQuery query, IReadOnlyList<string> columns, TenantScope? outer, CommonTables around)
    {
        var common = Declare(query.With, around);
        if (query.Arms.OfType<SelectArm>().Any(s => s.Items.Any(i => i.Value is null))) return TenantColumn.Open;
        var names = columns.Count > 0 ? columns : query.Arms[0] is SelectArm first ? [.. first.Items.Select(i => i.Alias ?? (i.Value as ColumnName)?.Name ?? "")] : [];
        var position = names.ToList().IndexOf("tenant_id");
        if (position < 0) return TenantColumn.Absent;
        return query.Arms.All(arm => arm is SelectArm select && position < select.Items.Count && Quietly(select, outer, common).IsTenant(select.Items[position].Value))
            ? TenantColumn.Proven : TenantColumn.Open;
    }

    /// <summary>A SELECT's concluded scope; faults in it are reported where it is judged itself.</summary>
    private TenantScope Quietly(SelectArm select, TenantScope? outer, CommonTables common) => Silently(() => (Arm(select, outer, common)!));

    private T Silently<T>(Func<T> work)
    {
        var before = faults.Count;
        var result = work();
        faults.RemoveRange(before, faults.Count - before);
        return result;
    }
}
