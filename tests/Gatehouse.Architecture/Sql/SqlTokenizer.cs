namespace Gatehouse.Architecture.Sql;

internal enum TokenKind { Word, QuotedName, Text, Number, Parameter, Symbol, End }

/// <param name="Text">Words and names in lower case, texts without their quotes, parameters without the sign.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At);

/// <summary>What a statement is written in cannot be read. The rules refuse what they cannot read.</summary>
public sealed class SqlSyntaxException(string message) : Exception(message);

/// <summary>Cuts a statement into words. Comments vanish here, so that nothing written in one counts.</summary>
internal static class SqlTokenizer
{
    private static readonly string[] LongSymbols = ["->>", "->", "||", "::", "<>", "!=", "<=", ">=", "==", "@>", "<@", "<<", ">>"];

    internal static List<Token> Read(string sql)
    {
        List<Token> tokens = [];
        for (var at = 0; at < sql.Length;)
        {
            var c = sql[at];
            if (char.IsWhiteSpace(c)) at++;
            else if (Follows(sql, at, "--")) at = EndOfLine(sql, at);
            else if (Follows(sql, at, "/*")) at = EndOfComment(sql, at);
            else tokens.Add(Next(sql, ref at));
        }
        tokens.Add(new(TokenKind.End, "", sql.Length));
        return tokens;
    }

    private static Token Next(string sql, ref int at)
    {
        var start = at;
        var c = sql[at];
        // E'…', U&'…' and the like have escapes of their own: the text would end elsewhere than this reader thinks.
        if (char.IsAsciiLetter(c) && (Follows(sql, at + 1, "'") || Follows(sql, at + 1, "&'"))) throw new SqlSyntaxException($"Prefixed texts are not portable, at {at}.");
        if (c == '\'') return new(TokenKind.Text, Quoted(sql, ref at, '\''), start);
        if (c == '"') return new(TokenKind.QuotedName, Quoted(sql, ref at, '"').ToLowerInvariant(), start);
        if (c is '`' or '[' or '$') throw new SqlSyntaxException($"'{c}' is not portable, at {at}.");
        if (char.IsAsciiLetter(c) || c == '_') return new(TokenKind.Word, Run(sql, ref at, IsNamePart).ToLowerInvariant(), start);
        if (char.IsAsciiDigit(c)) return new(TokenKind.Number, Run(sql, ref at, d => char.IsAsciiDigit(d) || d == '.'), start);
        if (c is '@' && at + 1 < sql.Length && (char.IsAsciiLetter(sql[at + 1]) || sql[at + 1] == '_'))
        {
            at++;
            return new(TokenKind.Parameter, Run(sql, ref at, IsNamePart), start);
        }
        foreach (var symbol in LongSymbols)
            if (Follows(sql, at, symbol))
            {
                at += symbol.Length;
                return new(TokenKind.Symbol, symbol, start);
            }
        at++;
        return "(),.;=<>+-*/%&|~#".Contains(c, StringComparison.Ordinal)
            ? new(TokenKind.Symbol, c.ToString(), start)
            : throw new SqlSyntaxException($"'{c}' is unknown, at {start}.");
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static bool Follows(string sql, int at, string what) => string.CompareOrdinal(sql, at, what, 0, what.Length) == 0;

    private static string Run(string sql, ref int at, Func<char, bool> belongs)
    {
        var start = at;
        while (at < sql.Length && belongs(sql[at])) at++;
        return sql[start..at];
    }

    private static string Quoted(string sql, ref int at, char quote)
    {
        var text = new System.Text.StringBuilder();
        for (at++; at < sql.Length; at++)
        {
            if (sql[at] != quote) text.Append(sql[at]);
            else if (at + 1 < sql.Length && sql[at + 1] == quote) text.Append(sql[++at]);
            else
            {
                at++;
                return text.ToString();
            }
        }
        throw new SqlSyntaxException("A quoted text has no end.");
    }

    private static int EndOfLine(string sql, int at)
    {
        var end = sql.IndexOf('\n', at);
        return end < 0 ? sql.Length : end;
    }

    // PostgreSQL nests comments and SQLite does not, so what stands after an inner end means different things; refused.
    private static int EndOfComment(string sql, int at)
    {
        var end = sql.IndexOf("*/", at + 2, StringComparison.Ordinal);
        if (end < 0) throw new SqlSyntaxException("A comment has no end.");
        if (sql.IndexOf("/*", at + 2, end - at - 2, StringComparison.Ordinal) >= 0) throw new SqlSyntaxException("A comment within a comment.");
        return end + 2;
    }
}
