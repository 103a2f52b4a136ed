namespace Gatehouse.Architecture.Sql;

/// <summary>
/// Reads one statement of the product's portable SQL: SELECT, INSERT, UPDATE and DELETE with common tables, joins, subqueries, set operations,
/// ON CONFLICT and RETURNING. What it does not know it refuses, so that no rule is passed by being unreadable.
/// </summary>
internal sealed partial class SqlParser
{
    private readonly List<Token> tokens;
    private int at;

    private SqlParser(string sql) => tokens = SqlTokenizer.Read(sql);

    internal static SqlStatement Parse(string sql)
    {
        var parser = new SqlParser(sql);
        var statement = parser.Statement();
        parser.TryTake(";");
        if (parser.Current.Kind != TokenKind.End) throw parser.Unexpected("the end");
        return statement;
    }

    private Token Current => tokens[at];

    private SqlStatement Statement()
    {
        var with = With();
        if (TryTake("insert")) return Insert(with);
        if (TryTake("update")) return Update(with);
        if (TryTake("delete")) return Delete(with);
        return Query(with);
    }

    private List<CommonTable> With()
    {
        List<CommonTable> tables = [];
        if (!TryTake("with")) return tables;
        TryTake("recursive");
        do
        {
            var name = Name();
            var columns = Is("(") ? Names() : [];
            Take("as");
            if (TryTake("not")) Take("materialized");
            else TryTake("materialized");
            Take("(");
            tables.Add(new(name, columns, Statement()));
            Take(")");
        }
        while (TryTake(","));
        return tables;
    }

    private InsertStatement Insert(List<CommonTable> with)
    {
        Take("into");
        var table = Table();
        var columns = Is("(") ? Names() : throw new SqlSyntaxException($"INSERT INTO {table.Name} names no columns.");
        var source = Query(With());
        ConflictClause? conflict = null;
        if (TryTake("on"))
        {
            Take("conflict");
            var target = Is("(") ? Names() : [];
            // The predicate of a partial unique index.
            if (target.Count > 0 && TryTake("where")) Expression();
            Take("do");
            if (TryTake("nothing")) conflict = new(target, [], null);
            else
            {
                Take("update");
                Take("set");
                conflict = new(target, Assignments(), TryTake("where") ? Expression() : null);
            }
        }
        return new(with, table, columns, source, conflict, Returning());
    }

    private UpdateStatement Update(List<CommonTable> with)
    {
        var table = Table();
        Take("set");
        var set = Assignments();
        var from = TryTake("from") ? From() : null;
        return new(with, table, set, from, TryTake("where") ? Expression() : null, Returning());
    }

    private DeleteStatement Delete(List<CommonTable> with)
    {
        Take("from");
        return new(with, Table(), TryTake("where") ? Expression() : null, Returning());
    }

    private List<Assignment> Assignments()
    {
        List<Assignment> set = [];
        do
        {
            var columns = Is("(") ? Names() : [Name()];
            Take("=");
            set.Add(new(columns, Expression()));
        }
        while (TryTake(","));
        return set;
    }

    private List<SelectItem> Returning() => TryTake("returning") ? Items() : [];

    private TableName Table()
    {
        var name = Name();
        return new(name, TryTake("as") ? Name() : Current.Kind == TokenKind.Word && !Reserved.Contains(Current.Text) ? Name() : name);
    }

    private List<string> Names()
    {
        List<string> names = [];
        Take("(");
        do names.Add(Name());
        while (TryTake(","));
        Take(")");
        return names;
    }

    private string Name()
    {
        if (Current.Kind != TokenKind.QuotedName && (Current.Kind != TokenKind.Word || Reserved.Contains(Current.Text))) throw Unexpected("a name");
        return tokens[at++].Text;
    }

    private bool Is(string text, int ahead = 0) =>
        at + ahead < tokens.Count && tokens[at + ahead] is { Kind: TokenKind.Word or TokenKind.Symbol } token && token.Text == text;

    private bool TryTake(string text)
    {
        if (!Is(text)) return false;
        at++;
        return true;
    }

    private void Take(string text)
    {
        if (!TryTake(text)) throw Unexpected(text.ToUpperInvariant());
    }

    private SqlSyntaxException Unexpected(string wanted) =>
        new($"Expected {wanted} but found '{(Current.Kind == TokenKind.End ? "the end" : Current.Text)}' at {Current.At}.");

    // Words that end a name's place: not aliases.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "select", "from", "where", "group", "having", "order", "limit", "offset", "union", "intersect", "except", "join", "inner", "left", "right", "full", "cross", "natural",
        "on", "using", "as", "set", "values", "returning", "and", "or", "not", "in", "is", "like", "between", "case", "when", "then", "else", "end", "exists", "null",
        "insert", "update", "delete", "into", "with", "for", "distinct", "all", "by", "do", "conflict", "collate", "escape", "asc", "desc", "cast", "fetch", "window", "lateral",
    };
}
