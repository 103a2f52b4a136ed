namespace Gatehouse.Architecture.Sql;

/// <summary>What a rows' source can say about tenants.</summary>
internal enum TenantColumn
{
    /// <summary>It has no tenant_id: nothing to filter, nothing to conclude.</summary>
    Absent,
    /// <summary>It has one, and not every row is known to be the caller's.</summary>
    Open,
    /// <summary>Every row's tenant_id is the caller's tenant.</summary>
    Proven,
}

/// <summary>A table, derived table or common table under the name that one SELECT gives it.</summary>
internal sealed class RowSource(string table, string alias, TenantColumn column, bool mustBeFiltered)
{
    internal string Table => table;
    internal string Alias => alias;
    internal bool MustBeFiltered => mustBeFiltered;
    internal TenantColumn Column { get; set; } = column;
}

/// <summary>The sources of one SELECT, UPDATE or DELETE, and the ones around it that a correlated query may name.</summary>
internal sealed class TenantScope(TenantScope? outer)
{
    private readonly List<RowSource> sources = [];

    // Conditions that hold for every row, and the sources whose rows they can limit.
    private readonly List<(SqlExpression Left, SqlExpression Right, IReadOnlyList<RowSource> Limits)> equalities = [];

    internal IReadOnlyList<RowSource> Sources => sources;

    internal RowSource Add(RowSource source)
    {
        if (sources.Any(s => s.Alias == source.Alias)) throw new SqlSyntaxException($"Two sources are called {source.Alias}.");
        sources.Add(source);
        return source;
    }

    /// <summary>Takes every equality that the condition demands: the parts of its conjunctions, not what stands under OR or NOT.</summary>
    internal void Demand(SqlExpression? condition, IReadOnlyList<RowSource> limits)
    {
        switch (condition)
        {
            case BinaryExpression { Operator: "and" } both:
                Demand(both.Left, limits);
                Demand(both.Right, limits);
                break;
            case BinaryExpression { Operator: "=", Left: RowValue left, Right: RowValue right } when left.Items.Count == right.Items.Count:
                foreach (var (l, r) in left.Items.Zip(right.Items)) equalities.Add((l, r, limits));
                break;
            case BinaryExpression { Operator: "=" } equality:
                equalities.Add((equality.Left, equality.Right, limits));
                break;
        }
    }

    /// <summary>Concludes from the equalities until nothing new follows.</summary>
    internal void Conclude()
    {
        bool more;
        do
        {
            more = false;
            foreach (var (left, right, limits) in equalities) more |= Limit(left, right, limits) | Limit(right, left, limits);
        }
        while (more);
    }

    /// <summary>Whether an expression is always the caller's tenant.</summary>
    internal bool IsTenant(SqlExpression? value) => value switch
    {
        ParameterName { Name: "tenant" } => true,
        ColumnName { Name: "tenant_id" } column => Resolve(column) is { Column: TenantColumn.Proven },
        _ => false,
    };

    private bool Limit(SqlExpression what, SqlExpression by, IReadOnlyList<RowSource> limits)
    {
        if (what is not ColumnName { Name: "tenant_id" } column || Resolve(column) is not { Column: TenantColumn.Open } source) return false;
        if (!limits.Contains(source) || !IsTenant(by)) return false;
        source.Column = TenantColumn.Proven;
        return true;
    }

    private RowSource? Resolve(ColumnName column)
    {
        if (column.Table is { } name) return sources.Find(s => s.Alias == name) ?? outer?.Resolve(column);
        var candidates = sources.FindAll(s => s.Column != TenantColumn.Absent);
        return candidates switch { [] => outer?.Resolve(column), [var only] => only, _ => null };
    }
}
