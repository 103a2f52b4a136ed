using System.Globalization;
using System.Text;

namespace Gatehouse.Kernel;

/// <summary>What a field holds, and so what may be asked of it.</summary>
public enum FieldKind
{
    /// <summary>Words of people: compared without regard to case and compatibility forms; every operator.</summary>
    Text,
    /// <summary>Ids and words of ours: <c>eq</c> and <c>ne</c>, exactly.</summary>
    Exact,
    /// <summary>Written as RFC 3339 in quotes; all but <c>co</c> and <c>sw</c>.</summary>
    Time,
    /// <summary>All but <c>co</c> and <c>sw</c>.</summary>
    Number,
    /// <summary><c>eq</c> and <c>ne</c>.</summary>
    Boolean,
    /// <summary>Whatever JSON holds there: <c>eq</c> and <c>ne</c>.</summary>
    Any,
}

/// <summary>A field of a list's rows that a filter may name.</summary>
/// <param name="Values">What a row has there: none, one, or several, of which one suffices.</param>
/// <param name="Words">For <see cref="FieldKind.Exact"/>: the only ones there are; null where anything may stand.</param>
public sealed record ListField<T>(string Name, FieldKind Kind, Func<T, IEnumerable<object?>> Values, IReadOnlyList<string>? Words = null)
{
    public static ListField<T> Text(string name, Func<T, string?> value) => new(name, FieldKind.Text, row => [value(row)]);
    public static ListField<T> Texts(string name, Func<T, IEnumerable<string?>> values) => new(name, FieldKind.Text, values);
    public static ListField<T> Exact(string name, Func<T, string?> value, params string[] words) => new(name, FieldKind.Exact, row => [value(row)], words.Length == 0 ? null : words);
    public static ListField<T> Time(string name, Func<T, DateTimeOffset?> value) => new(name, FieldKind.Time, row => [value(row)]);
    public static ListField<T> Number(string name, Func<T, decimal?> value) => new(name, FieldKind.Number, row => [value(row)]);
    public static ListField<T> Boolean(string name, Func<T, bool?> value) => new(name, FieldKind.Boolean, row => [value(row)]);

    /// <summary>Reads a written comparison as one of this field.</summary>
    internal Result<BoundTerm<T>, Problem> Bind(FilterTerm term)
    {
        var allowed = Kind switch
        {
            FieldKind.Text => true,
            FieldKind.Time or FieldKind.Number => term.Operator is not (FilterOperator.Contains or FilterOperator.StartsWith),
            _ => term.Operator is FilterOperator.Equal or FilterOperator.NotEqual,
        };
        if (!allowed) return Filter.Invalid(term.Position, $"{Name} cannot be compared so; it takes {(Kind is FieldKind.Time or FieldKind.Number ? "eq, ne, gt, ge, lt and le" : "eq and ne")}");
        switch (Kind, term.Value)
        {
            case (FieldKind.Text, string text): return new BoundTerm<T>(this, term.Operator, ListText.Fold(text));
            case (FieldKind.Exact, string word):
                return Words is null || Words.Contains(word, StringComparer.Ordinal) ? new BoundTerm<T>(this, term.Operator, word)
                    : Filter.Invalid(term.ValuePosition, $"{Name} is one of {string.Join(", ", Words)}");
            case (FieldKind.Time, string time) when time.Length <= 40 && time.Length >= 20 && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)
                && (time.EndsWith('Z') || time[^6] is '+' or '-'):
                return new BoundTerm<T>(this, term.Operator, at.ToUniversalTime());
            case (FieldKind.Time, _): return Filter.Invalid(term.ValuePosition, $"{Name} is a time such as \"2026-01-31T09:00:00Z\"");
            case (FieldKind.Number, decimal number): return new BoundTerm<T>(this, term.Operator, number);
            case (FieldKind.Boolean, bool truth): return new BoundTerm<T>(this, term.Operator, truth);
            case (FieldKind.Any, _): return new BoundTerm<T>(this, term.Operator, term.Value is string any ? ListText.Fold(any) : term.Value);
            default: return Filter.Invalid(term.ValuePosition, Kind switch
            {
                FieldKind.Number => $"{Name} is a number",
                FieldKind.Boolean => $"{Name} is true or false",
                _ => $"{Name} is a text in double quotes",
            });
        }
    }
}

/// <summary>A comparison of a known field with a value of its kind.</summary>
public sealed record BoundTerm<T>(ListField<T> Field, FilterOperator Operator, object Value)
{
    public bool Matches(T row)
    {
        // "not equal" is the opposite of "equal": none of them is.
        if (Operator == FilterOperator.NotEqual) return !Any(row, FilterOperator.Equal);
        return Any(row, Operator);
    }

    private bool Any(T row, FilterOperator comparison)
    {
        foreach (var value in Field.Values(row))
            if (value is not null && Holds(value is string text && Field.Kind is FieldKind.Text or FieldKind.Any ? ListText.Fold((string)value) : value, comparison)) return true;
        return false;
    }

    private bool Holds(object value, FilterOperator comparison)
    {
        if (value.GetType() != Value.GetType()) return false;
        if (comparison == FilterOperator.Contains) return ((string)value).Contains((string)Value, StringComparison.Ordinal);
        if (comparison == FilterOperator.StartsWith) return ((string)value).StartsWith((string)Value, StringComparison.Ordinal);
        var order = ListText.Compare(value, Value);
        return comparison switch
        {
            FilterOperator.Equal => order == 0,
            FilterOperator.Greater => order > 0,
            FilterOperator.GreaterOrEqual => order >= 0,
            FilterOperator.Less => order < 0,
            FilterOperator.LessOrEqual => order <= 0,
            _ => throw new InvalidOperationException($"{comparison} is not an order."),
        };
    }
}

/// <summary>How lists compare, which is how both databases do.</summary>
public static class ListText
{
    /// <summary>Compatibility forms and case do not matter.</summary>
    public static string Fold(string text) => text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormKC);

    /// <summary>Texts by the bytes of their UTF-8; times, numbers and truth values as themselves.</summary>
    public static int Compare(object left, object right) => (left, right) switch
    {
        (string l, string r) => Compare(l, r),
        (DateTimeOffset l, DateTimeOffset r) => l.UtcTicks.CompareTo(r.UtcTicks),
        (decimal l, decimal r) => l.CompareTo(r),
        (bool l, bool r) => l.CompareTo(r),
        _ => throw new ArgumentException($"Lists do not compare a {left.GetType()} with a {right.GetType()}.", nameof(left)),
    };

    private static int Compare(string left, string right)
    {
        var at = 0;
        while (at < left.Length && at < right.Length && left[at] == right[at]) at++;
        if (at == left.Length || at == right.Length) return left.Length.CompareTo(right.Length);
        // Only where a pair of surrogates meets a character above them do UTF-16 and UTF-8 differ.
        return (char.IsSurrogate(left[at]), char.IsSurrogate(right[at])) switch { (true, false) => 1, (false, true) => -1, _ => left[at].CompareTo(right[at]) };
    }
}
