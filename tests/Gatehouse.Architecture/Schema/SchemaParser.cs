using Gatehouse.Architecture.Sql;

namespace Gatehouse.Architecture.Schema;

/// <summary>Reads what migrations do: tables, indexes and columns made; everything else by its first words.</summary>
internal sealed class SchemaParser
{
    private readonly List<Token> tokens;
    private int at;

    private SchemaParser(List<Token> tokens) => this.tokens = tokens;

    /// <param name="portable">Whether the statement must be understood. A dialect's own file may hold triggers and functions.</param>
    internal static SchemaChange Parse(string statement, bool portable)
    {
        List<Token> tokens;
        try { tokens = SqlTokenizer.Read(statement); }
        catch (SqlSyntaxException) when (!portable) { return new OtherChange(string.Join(' ', statement.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries).Take(4)).ToLowerInvariant(), null); }
        var parser = new SchemaParser(tokens);
        if (parser.TryTake("create", "table")) return parser.Table();
        if (parser.TryTake("create", "index")) return parser.Index(unique: false);
        if (parser.TryTake("create", "unique", "index")) return parser.Index(unique: true);
        if (parser.Is("insert") || parser.Is("update") || parser.Is("delete")) return new RowsChanged(SqlParser.Parse(statement));
        if (!parser.TryTake("alter", "table")) return new OtherChange(parser.FirstWords(), null);
        var table = parser.Next();
        if (!parser.TryTake("add")) return new OtherChange(parser.FirstWords(), table);
        if (parser.Is("constraint") || parser.Is("primary") || parser.Is("unique") || parser.Is("foreign") || parser.Is("check")) return new OtherChange(parser.FirstWords(), table);
        parser.TryTake("column");
        parser.TryTake("if", "not", "exists");
        List<IReadOnlyList<string>> keys = [];
        List<ForeignKey> foreign = [];
        var column = parser.ColumnDefinition(keys, foreign, out _);
        return new ColumnAdded(table, column, foreign, keys.Count > 0);
    }

    private TableMade Table()
    {
        TryTake("if", "not", "exists");
        var name = Next();
        Take("(");
        List<Column> columns = [];
        List<IReadOnlyList<string>> keys = [];
        List<ForeignKey> foreign = [];
        var primary = false;
        do
        {
            if (TryTake("constraint")) Next();
            if (TryTake("primary", "key"))
            {
                primary = true;
                keys.Add(Names());
            }
            else if (TryTake("unique")) keys.Add(Names());
            else if (TryTake("foreign", "key"))
            {
                var own = Names();
                Take("references");
                foreign.Add(new(own, Next(), Is("(") ? Names() : []));
                SkipRest();
            }
            else if (TryTake("check")) SkipParentheses();
            else
            {
                columns.Add(ColumnDefinition(keys, foreign, out var isKey));
                primary |= isKey;
            }
        }
        while (TryTake(","));
        Take(")");
        var options = string.Join(' ', tokens.Skip(at).Where(t => t.Kind == TokenKind.Word).Select(t => t.Text));
        return new(name, columns, keys, foreign, primary, options);
    }

    private Column ColumnDefinition(List<IReadOnlyList<string>> keys, List<ForeignKey> foreign, out bool primary)
    {
        var (name, type) = (Next(), Next());
        if (Is("(")) type += SkipParentheses();
        while (tokens[at].Kind == TokenKind.Word && tokens[at].Text is "precision" or "varying") type += " " + Next();
        var (notNull, hasDefault) = (false, false);
        primary = false;
        while (!Is(",") && !Is(")") && !Is(";") && tokens[at].Kind != TokenKind.End)
        {
            if (TryTake("not", "null")) notNull = true;
            else if (TryTake("primary", "key"))
            {
                (primary, notNull) = (true, true);
                keys.Add([name]);
            }
            else if (TryTake("unique")) keys.Add([name]);
            else if (TryTake("default"))
            {
                hasDefault = true;
                if (Is("(")) SkipParentheses();
                else at++;
            }
            else if (TryTake("references")) foreign.Add(new([name], Next(), Is("(") ? Names() : []));
            else if (Is("(")) SkipParentheses();
            else at++;
        }
        return new(name, type, notNull, hasDefault);
    }

    private IndexMade Index(bool unique)
    {
        TryTake("if", "not", "exists");
        Next();
        Take("on");
        var table = Next();
        Take("(");
        List<string> columns = [];
        do
        {
            // An expression counts by its first word: it is never tenant_id.
            columns.Add(tokens[at].Kind is TokenKind.Word && (Is(",", 1) || Is(")", 1) || Is("asc", 1) || Is("desc", 1) || Is("collate", 1)) ? Next() : "(expression)");
            SkipRest();
        }
        while (TryTake(","));
        Take(")");
        return new(table, unique, columns);
    }

    private void SkipRest()
    {
        while (!Is(",") && !Is(")") && tokens[at].Kind != TokenKind.End)
            if (Is("(")) SkipParentheses();
            else at++;
    }

    private string SkipParentheses()
    {
        var start = at;
        var depth = 0;
        do
        {
            if (tokens[at].Kind == TokenKind.End) throw new SqlSyntaxException("A parenthesis has no end.");
            if (Is("(")) depth++;
            else if (Is(")")) depth--;
            at++;
        }
        while (depth > 0);
        return string.Concat(tokens.Skip(start).Take(at - start).Select(t => t.Text));
    }

    private List<string> Names()
    {
        List<string> names = [];
        Take("(");
        do names.Add(Next());
        while (TryTake(","));
        Take(")");
        return names;
    }

    private string FirstWords() => string.Join(' ', tokens.Take(8).Where(t => t.Kind == TokenKind.Word).Select(t => t.Text));

    private string Next() => tokens[at].Kind is TokenKind.Word or TokenKind.QuotedName ? tokens[at++].Text : throw new SqlSyntaxException($"Expected a name but found '{tokens[at].Text}'.");

    private bool Is(string text, int ahead = 0) => at + ahead < tokens.Count && tokens[at + ahead] is { Kind: TokenKind.Word or TokenKind.Symbol } token && token.Text == text;

    private bool TryTake(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++) if (!Is(words[i], i)) return false;
        at += words.Length;
        return true;
    }

    private void Take(string text)
    {
        if (!TryTake(text)) throw new SqlSyntaxException($"Expected {text} but found '{tokens[at].Text}'.");
    }
}
