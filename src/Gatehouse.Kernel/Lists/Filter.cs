using System.Globalization;
using System.Text;

namespace Gatehouse.Kernel;

/// <summary>What a comparison asks: <c>eq ne co sw gt ge lt le</c>, as in RFC 7644 §3.4.2.2.</summary>
public enum FilterOperator { Equal, NotEqual, Contains, StartsWith, Greater, GreaterOrEqual, Less, LessOrEqual }

/// <summary>One comparison as it was written.</summary>
/// <param name="Value">A text, a number (<see cref="decimal"/>) or a truth value.</param>
/// <param name="Position">Where the field stands, counted from 1; <paramref name="ValuePosition"/>: where the value does.</param>
public sealed record FilterTerm(string Field, FilterOperator Operator, object Value, int Position, int ValuePosition);

/// <summary>
/// The filter language of every list: comparisons joined by <c>and</c>, for example
/// <c>status eq "active" and created_at gt "2026-01-01T00:00:00Z"</c>. A subset of SCIM's (RFC 7644 §3.4.2.2), chosen so that a list can be read
/// along an index whatever is asked: there is no <c>or</c>, no <c>not</c> and no parenthesis.
/// </summary>
public static class Filter
{
    public const int MaxLength = 1000, MaxTerms = 8, MaxFieldLength = 100, MaxNumberLength = 24;

    private static readonly Dictionary<string, FilterOperator> Operators = new(StringComparer.OrdinalIgnoreCase)
    {
        ["eq"] = FilterOperator.Equal, ["ne"] = FilterOperator.NotEqual, ["co"] = FilterOperator.Contains, ["sw"] = FilterOperator.StartsWith,
        ["gt"] = FilterOperator.Greater, ["ge"] = FilterOperator.GreaterOrEqual, ["lt"] = FilterOperator.Less, ["le"] = FilterOperator.LessOrEqual,
    };

    /// <returns>One to eight terms, or <c>filter_invalid</c>, which says where.</returns>
    public static Result<IReadOnlyList<FilterTerm>, Problem> Parse(string text)
    {
        if (text.Length > MaxLength) return Invalid(MaxLength + 1, $"a filter has at most {MaxLength} characters");
        var reader = new FilterReader(text);
        List<FilterTerm> terms = [];
        do
        {
            if (terms.Count == MaxTerms) return reader.Fault($"a filter has at most {MaxTerms} comparisons");
            reader.SkipSpaces();
            var position = reader.Position;
            if (reader.Word(dotted: true) is not { Length: > 0 and <= MaxFieldLength } field) return Invalid(position, "the name of a field is expected");
            if (string.Equals(field, "not", StringComparison.OrdinalIgnoreCase)) return Invalid(position, "there is no not: use ne");
            if (!reader.SkipSpaces()) return reader.Fault("a space is expected");
            var at = reader.Position;
            if (reader.Word(dotted: false) is not { } word || !Operators.TryGetValue(word, out var comparison)) return Invalid(at, "eq, ne, co, sw, gt, ge, lt or le is expected");
            if (!reader.SkipSpaces()) return reader.Fault("a space is expected");
            at = reader.Position;
            if (!reader.Value().TryGet(out var value, out var problem)) return problem;
            terms.Add(new(field, comparison, value, position, at));
            var spaced = reader.SkipSpaces();
            if (reader.AtEnd) return terms;
            at = reader.Position;
            if (!spaced || !string.Equals(reader.Word(dotted: false), "and", StringComparison.OrdinalIgnoreCase))
                return Invalid(at, "and is expected; comparisons are joined by nothing else");
            if (!reader.SkipSpaces()) return reader.Fault("a space is expected");
        }
        while (true);
    }

    /// <param name="position">Counted from 1.</param>
    public static Problem Invalid(int position, string what) =>
        Problem.BadRequest("filter_invalid", $"filter, at character {position}: {what}.", "filter");
}

/// <summary>Goes through a filter's text once, from left to right.</summary>
internal sealed class FilterReader(string text)
{
    private int at;

    internal int Position => at + 1;
    internal bool AtEnd => at == text.Length;

    internal Problem Fault(string what) => Filter.Invalid(Position, what);

    /// <returns>Whether there was one.</returns>
    internal bool SkipSpaces()
    {
        var start = at;
        while (at < text.Length && text[at] == ' ') at++;
        return at > start;
    }

    internal string? Word(bool dotted)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_' || (dotted && text[at] is '.' or '-'))) at++;
        return at == start || !char.IsAsciiLetter(text[start]) ? null : text[start..at];
    }

    internal Result<object, Problem> Value()
    {
        if (AtEnd) return Fault("a value is expected");
        if (text[at] == '"') return Text();
        if (text[at] == '-' || char.IsAsciiDigit(text[at])) return Number();
        var start = at;
        switch (Word(dotted: false))
        {
            case "true": return true;
            case "false": return false;
            default:
                at = start;
                return Fault("a value is expected: a text in double quotes, a number, true or false");
        }
    }

    private Result<object, Problem> Number()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '-' or '.')) at++;
        return at - start <= Filter.MaxNumberLength && decimal.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : Filter.Invalid(start + 1, "this is not a number");
    }

    // A JSON string, without what no stored text holds.
    private Result<object, Problem> Text()
    {
        var start = at++;
        var value = new StringBuilder();
        while (at < text.Length && text[at] != '"')
        {
            if (char.IsControl(text[at])) return Fault("a control character is written as an escape");
            if (text[at] != '\\') { value.Append(text[at++]); continue; }
            if (at + 1 == text.Length) return Fault("the text has no end");
            if (Escape() is not { } c) return Fault("this is not an escape of JSON");
            value.Append(c);
        }
        if (AtEnd) return Filter.Invalid(start + 1, "the text has no end");
        at++;
        var whole = value.ToString();
        return IsWellFormed(whole) ? whole : Filter.Invalid(start + 1, "the text holds NUL or half of a character");
    }

    private char? Escape()
    {
        var letter = text[at + 1];
        if (letter == 'u')
        {
            if (at + 6 > text.Length || !ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) return null;
            at += 6;
            return (char)code;
        }
        char? c = letter switch { '"' or '\\' or '/' => letter, 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => null };
        if (c is not null) at += 2;
        return c;
    }

    private static bool IsWellFormed(ReadOnlySpan<char> value)
    {
        while (!value.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(value, out var rune, out var used) != System.Buffers.OperationStatus.Done || rune.Value == 0) return false;
            value = value[used..];
        }
        return true;
    }
}
