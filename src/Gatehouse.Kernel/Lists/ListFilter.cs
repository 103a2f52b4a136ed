namespace Gatehouse.Kernel;

/// <summary>A filter read against the fields there are: of a list, or of anything else that is asked in the same language.</summary>
public static class ListFilter
{
    /// <returns>The comparisons, all of which must hold; 400 <c>filter_invalid</c>, which says where.</returns>
    public static Result<IReadOnlyList<BoundTerm<T>>, Problem> Parse<T>(ListShape<T> shape, string text)
    {
        if (!Filter.Parse(text).TryGet(out var written, out var problem)) return problem;
        List<BoundTerm<T>> terms = [];
        foreach (var term in written)
        {
            if (shape.Find(term.Field) is not { } field)
                return Filter.Invalid(term.Position, $"this list has no field {term.Field} to filter by; it has {string.Join(", ", shape.Fields.Select(f => f.Name))}");
            if (!field.Bind(term).TryGet(out var bound, out problem)) return problem;
            terms.Add(bound);
        }
        return terms;
    }
}
