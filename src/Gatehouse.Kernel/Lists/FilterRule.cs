namespace Gatehouse.Kernel;

/// <summary>A filter that stands by itself: what a stored rule asks of one thing at a time, in the language of lists.</summary>
public sealed class FilterRule<T>
{
    private FilterRule(IReadOnlyList<BoundTerm<T>> terms) => Terms = terms;

    public IReadOnlyList<BoundTerm<T>> Terms { get; }

    /// <param name="find">The field of a name, if there is one.</param>
    /// <param name="known">What there is, for people.</param>
    /// <returns>One to eight comparisons, or <c>filter_invalid</c>, which says where.</returns>
    public static Result<FilterRule<T>, Problem> Parse(string text, Func<string, ListField<T>?> find, string known)
    {
        if (!Filter.Parse(text).TryGet(out var written, out var problem)) return problem;
        List<BoundTerm<T>> terms = [];
        foreach (var term in written)
        {
            if (find(term.Field) is not { } field) return Filter.Invalid(term.Position, $"there is no field {term.Field} here; there are {known}");
            if (!field.Bind(term).TryGet(out var bound, out problem)) return problem;
            terms.Add(bound);
        }
        return new FilterRule<T>(terms);
    }

    public bool Matches(T row)
    {
        foreach (var term in Terms) if (!term.Matches(row)) return false;
        return true;
    }
}
