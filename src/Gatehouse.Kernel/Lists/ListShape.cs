namespace Gatehouse.Kernel;

/// <summary>An order that a list can be read in, on an index of its own.</summary>
/// <param name="Name">As in <c>?sort=</c>.</param>
/// <param name="Key">What a row is ordered by, as the index holds it: a <see cref="DateTimeOffset"/> or a text. Null when the order is that of ids, which follow the time they were made at.</param>
/// <param name="Bounds">Whether a filter on the field of this name says where the reading begins and ends: both databases order the key by its bytes.</param>
public sealed record SortKey<T>(string Name, Func<T, object>? Key = null, bool Bounds = true);

/// <summary>Where a page begins: after the row with this key and id.</summary>
public sealed record ListPosition(object? Key, Guid Id)
{
    public DateTimeOffset Time => (DateTimeOffset)Key!;
    public string Text => (string)Key!;
}

/// <summary>What may be asked of one list. The first order is the usual one.</summary>
/// <param name="Descending">Whether the usual order is newest first.</param>
/// <param name="Other">Finds fields that are not known beforehand, such as <c>attributes.department</c>; null when there are none.</param>
public sealed record ListShape<T>(Func<T, Guid> Id, IReadOnlyList<SortKey<T>> Sorts, IReadOnlyList<ListField<T>> Fields, Func<string, ListField<T>?>? Other = null, bool Descending = true)
{
    public ListField<T>? Find(string name)
    {
        foreach (var field in Fields) if (field.Name == name) return field;
        return Other?.Invoke(name);
    }
}

/// <summary>What a caller asks of a list, as written.</summary>
public sealed record ListParameters(string? Filter, string? Sort, string? Limit, string? Cursor);
