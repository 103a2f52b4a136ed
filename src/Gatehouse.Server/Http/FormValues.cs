using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Http;

/// <summary>
/// The fields of a form or a query, in order, decoded strictly. Asking for a field by name answers only when it is there once: what a
/// repeated parameter means is for the door to say (RFC 6749 §3.1 refuses it, RFC 8707 §2 repeats <c>resource</c>).
/// </summary>
public sealed class FormValues
{
    public static FormValues Empty { get; } = new([]);

    private readonly List<KeyValuePair<string, string>> fields;

    internal FormValues(List<KeyValuePair<string, string>> fields) => this.fields = fields;

    /// <summary>Every field as it was sent, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields => fields;

    /// <summary>The field's value; null when it is absent or sent more than once.</summary>
    public string? this[string name]
    {
        get
        {
            string? found = null;
            foreach (var (key, value) in fields)
            {
                if (!string.Equals(key, name, StringComparison.Ordinal)) continue;
                if (found is not null) return null;
                found = value;
            }
            return found;
        }
    }

    /// <summary>Whether the field is there exactly once and not empty. RFC 6749 §3.1: a parameter without a value counts as omitted.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        value = this[name];
        if (value is { Length: 0 }) value = null;
        return value is not null;
    }

    public bool Contains(string name)
    {
        foreach (var (key, _) in fields)
            if (string.Equals(key, name, StringComparison.Ordinal)) return true;
        return false;
    }

    /// <summary>All values of a field that may be repeated, in order.</summary>
    public IReadOnlyList<string> All(string name)
    {
        List<string> values = [];
        foreach (var (key, value) in fields)
            if (string.Equals(key, name, StringComparison.Ordinal)) values.Add(value);
        return values;
    }

    /// <returns>The name of the first field that is sent twice though it may not be; null when there is none.</returns>
    public string? FirstDuplicate(params ReadOnlySpan<string> repeatable)
    {
        // Fields are few (FormText.MaxFields), so comparing each with those before it beats building a set.
        for (var i = 1; i < fields.Count; i++)
            for (var j = 0; j < i; j++)
                if (string.Equals(fields[i].Key, fields[j].Key, StringComparison.Ordinal) && !repeatable.Contains(fields[i].Key))
                    return fields[i].Key;
        return null;
    }
}
