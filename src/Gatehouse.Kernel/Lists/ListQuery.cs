namespace Gatehouse.Kernel;

/// <summary>What a caller asks of a list, read and checked: how many, in which order, after what, and which.</summary>
public sealed class ListQuery<T>
{
    /// <summary>Most rows that one request looks at. A page may then be short; its <c>next</c> goes on.</summary>
    public const int MaxScanned = 2000;

    private const int FirstBatch = 100, LargestBatch = 500;

    private readonly ListShape<T> shape;
    private readonly ListCursor cursor;

    private ListQuery(ListShape<T> shape, ListCursor cursor, int limit, SortKey<T> sort, bool descending, IReadOnlyList<BoundTerm<T>> terms, ListPosition? after)
    {
        (this.shape, this.cursor, Limit, Sort, Descending, Terms) = (shape, cursor, limit, sort, descending, terms);
        After = after ?? Start();
    }

    public int Limit { get; }
    public SortKey<T> Sort { get; }
    public bool Descending { get; }
    public IReadOnlyList<BoundTerm<T>> Terms { get; }

    /// <summary>After what the first row comes: of the page before, or where the filter lets the order begin. Null: at its beginning.</summary>
    public ListPosition? After { get; }

    /// <param name="cursor">Bound to everything but <paramref name="asked"/>'s limit and cursor.</param>
    /// <returns>400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    public static Result<ListQuery<T>, Problem> Parse(ListShape<T> shape, ListParameters asked, ListCursor cursor)
    {
        if (!PageRequest.Parse(asked.Limit, null).TryGet(out var page, out var problem)) return problem;
        var (sort, descending) = (shape.Sorts[0], shape.Descending);
        if (!string.IsNullOrEmpty(asked.Sort))
        {
            descending = asked.Sort[0] == '-';
            var name = asked.Sort.AsSpan(descending ? 1 : 0);
            SortKey<T>? named = null;
            foreach (var key in shape.Sorts) if (name.SequenceEqual(key.Name)) named = key;
            if (named is null) return Problem.BadRequest("sort_invalid", $"sort is one of {string.Join(", ", shape.Sorts.Select(s => s.Name))}, with a hyphen before it for the opposite order.", "sort");
            sort = named;
        }
        IReadOnlyList<BoundTerm<T>> terms = [];
        if (!string.IsNullOrWhiteSpace(asked.Filter))
        {
            if (!ListFilter.Parse(shape, asked.Filter).TryGet(out var read, out problem)) return problem;
            terms = read;
        }
        ListPosition? after = null;
        if (!string.IsNullOrEmpty(asked.Cursor) && (after = cursor.Read(asked.Cursor)) is null) return ListCursor.Invalid;
        return new ListQuery<T>(shape, cursor, page.Limit, sort, descending, terms, after);
    }

    public ListPosition PositionOf(T row) => new(Sort.Key?.Invoke(row), shape.Id(row));

    /// <summary>The comparison of this field by one of these operators, if there is one.</summary>
    public BoundTerm<T>? Find(string field, params ReadOnlySpan<FilterOperator> operators)
    {
        foreach (var term in Terms)
            if (term.Field.Name == field && operators.Contains(term.Operator)) return term;
        return null;
    }

    public bool Matches(T row)
    {
        foreach (var term in Terms) if (!term.Matches(row)) return false;
        return true;
    }

    /// <summary>
    /// Reads rows along the order's index until the page is full or <see cref="MaxScanned"/> rows were looked at, whichever comes first: what a request costs
    /// does not depend on how much the tenant holds.
    /// </summary>
    /// <param name="rows">The next so many rows after a position, in this order.</param>
    /// <param name="also">What a row must be beside the filter; null: nothing.</param>
    public async ValueTask<Page<T>> ReadAsync(Func<ListPosition?, int, ValueTask<List<T>>> rows, Predicate<T>? also = null)
    {
        List<T> items = [];
        var at = After;
        // Without a filter every row belongs, and one more than the page tells whether there is another.
        for (int scanned = 0, want = Terms.Count == 0 && also is null ? Limit + 1 : Math.Max(Limit + 1, FirstBatch); ; want = Math.Min(want * 2, LargestBatch))
        {
            var batch = await rows(at, want);
            foreach (var row in batch)
            {
                if (IsPast(row)) return new(items, null);
                if ((also is null || also(row)) && Matches(row))
                {
                    if (items.Count == Limit) return new(items, cursor.Write(PositionOf(items[^1])));
                    items.Add(row);
                }
                at = PositionOf(row);
                scanned++;
            }
            if (batch.Count < want) return new(items, null);
            if (scanned >= MaxScanned) return new(items, cursor.Write(at!));
        }
    }

    /// <summary>A cursor after a row, for lists that are read in another way than <see cref="ReadAsync"/>.</summary>
    public string CursorAfter(ListPosition position) => cursor.Write(position);

    // Comparisons of the field that the order is by say where it may begin …
    private ListPosition? Start()
    {
        ListPosition? start = null;
        foreach (var term in Terms)
        {
            if (!Sort.Bounds || term.Field.Name != Sort.Name || Sort.Key is null || term.Value is not (string or DateTimeOffset)) continue;
            var candidate = (Descending, term.Operator) switch
            {
                (false, FilterOperator.Equal or FilterOperator.GreaterOrEqual or FilterOperator.StartsWith) => new ListPosition(term.Value, Guid.Empty),
                (false, FilterOperator.Greater) => new(term.Value, Guid.AllBitsSet),
                (true, FilterOperator.Equal or FilterOperator.LessOrEqual) => new(term.Value, Guid.AllBitsSet),
                // Both databases keep whole microseconds: what is less than a part of one may be equal to what is left of it.
                (true, FilterOperator.Less) when term.Value is DateTimeOffset time && time.Ticks % TimeSpan.TicksPerMicrosecond != 0 => new(time, Guid.AllBitsSet),
                (true, FilterOperator.Less) => new(term.Value, Guid.Empty),
                // Nothing that is stored contains the last code point, which is no character.
                (true, FilterOperator.StartsWith) => new((string)term.Value + "\U0010FFFF", Guid.AllBitsSet),
                _ => null,
            };
            if (candidate is not null && (start is null || (ListText.Compare(candidate.Key!, start.Key!) > 0) != Descending)) start = candidate;
        }
        return start;
    }

    // … and where it ends: what comes after a row that is past one of them is past it too.
    private bool IsPast(T row)
    {
        foreach (var term in Terms)
        {
            if (!Sort.Bounds || term.Field.Name != Sort.Name || Sort.Key?.Invoke(row) is not { } key || key.GetType() != term.Value.GetType()) continue;
            var order = ListText.Compare(key, term.Value);
            var past = (Descending, term.Operator) switch
            {
                (false, FilterOperator.Equal or FilterOperator.LessOrEqual) => order > 0,
                (false, FilterOperator.Less) => order >= 0,
                (false, FilterOperator.StartsWith) => order > 0 && !((string)key).StartsWith((string)term.Value, StringComparison.Ordinal),
                (true, FilterOperator.Equal or FilterOperator.GreaterOrEqual or FilterOperator.StartsWith) => order < 0,
                (true, FilterOperator.Greater) => order <= 0,
                _ => false,
            };
            if (past) return true;
        }
        return false;
    }
}
