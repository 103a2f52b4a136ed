namespace Gatehouse.Architecture.Sql;

/// <summary>A value or condition. Only what the tenant rule reasons about has a form of its own.</summary>
internal abstract record SqlExpression;

/// <param name="Table">The name or alias before the dot, when there is one.</param>
internal sealed record ColumnName(string? Table, string Name) : SqlExpression;
internal sealed record ParameterName(string Name) : SqlExpression;
internal sealed record BinaryExpression(string Operator, SqlExpression Left, SqlExpression Right) : SqlExpression;
internal sealed record RowValue(IReadOnlyList<SqlExpression> Items) : SqlExpression;
internal sealed record NestedQuery(SqlQuery Query) : SqlExpression;

/// <summary>Functions, CASE, NOT, IN, literals: nothing is concluded from them, but queries inside them are looked at.</summary>
internal sealed record OtherExpression(IReadOnlyList<SqlExpression> Parts) : SqlExpression;

internal abstract record SqlStatement(IReadOnlyList<CommonTable> With);

internal sealed record CommonTable(string Name, IReadOnlyList<string> Columns, SqlStatement Body);

/// <param name="Arms">What UNION, INTERSECT and EXCEPT combine; usually one.</param>
/// <param name="Tail">ORDER BY, LIMIT, OFFSET.</param>
internal sealed record SqlQuery(IReadOnlyList<CommonTable> With, IReadOnlyList<QueryArm> Arms, IReadOnlyList<SqlExpression> Tail) : SqlStatement(With);

internal abstract record QueryArm;

/// <param name="Rest">GROUP BY, HAVING.</param>
internal sealed record SelectArm(IReadOnlyList<SelectItem> Items, FromItem? From, SqlExpression? Where, IReadOnlyList<SqlExpression> Rest) : QueryArm;
internal sealed record ValuesArm(IReadOnlyList<RowValue> Rows) : QueryArm;

/// <param name="Value">Null stands for <c>*</c> or <c>table.*</c>.</param>
internal sealed record SelectItem(SqlExpression? Value, string? Alias);

internal abstract record FromItem;
internal sealed record TableName(string Name, string Alias) : FromItem;
internal sealed record DerivedTable(SqlQuery Query, string Alias, IReadOnlyList<string> Columns) : FromItem;
internal sealed record TableFunction(IReadOnlyList<SqlExpression> Arguments, string Alias) : FromItem;
internal sealed record Join(JoinKind Kind, FromItem Left, FromItem Right, SqlExpression? On, IReadOnlyList<string> Using) : FromItem;

internal enum JoinKind { Inner, Left, Right, Full }

internal sealed record Assignment(IReadOnlyList<string> Columns, SqlExpression Value);

/// <param name="Conflict">What ON CONFLICT does, when the statement says.</param>
internal sealed record InsertStatement(IReadOnlyList<CommonTable> With, TableName Table, IReadOnlyList<string> Columns, SqlQuery Source,
    ConflictClause? Conflict, IReadOnlyList<SelectItem> Returning) : SqlStatement(With);

/// <param name="Target">The unique index's columns; empty when not named.</param>
/// <param name="Update">Empty for DO NOTHING.</param>
internal sealed record ConflictClause(IReadOnlyList<string> Target, IReadOnlyList<Assignment> Update, SqlExpression? Where);

internal sealed record UpdateStatement(IReadOnlyList<CommonTable> With, TableName Table, IReadOnlyList<Assignment> Set, FromItem? From, SqlExpression? Where,
    IReadOnlyList<SelectItem> Returning) : SqlStatement(With);

internal sealed record DeleteStatement(IReadOnlyList<CommonTable> With, TableName Table, SqlExpression? Where, IReadOnlyList<SelectItem> Returning) : SqlStatement(With);
