using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Hosting.Telemetry;

/// <summary>The tags of one series, comparable without copying the measurement's own.</summary>
internal sealed class TagComparer : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
{
    public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals(x.AsSpan(), y!);
    public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());
    public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
    {
        if (alternate.Length != other.Length) return false;
        for (var i = 0; i < other.Length; i++)
            if (!string.Equals(alternate[i].Key, other[i].Key, StringComparison.Ordinal) || !Equals(alternate[i].Value, other[i].Value)) return false;
        return true;
    }

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = new HashCode();
        foreach (var (key, value) in alternate)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }
}

/// <summary>One line's (or, for a histogram, one family of lines') running value.</summary>
internal sealed class MetricSeries(double[]? bounds)
{
    private readonly Lock gate = new();
    private readonly long[] buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private double sum;
    private long count;

    /// <summary>A counter's part, or a histogram's observation.</summary>
    internal void Add(double value)
    {
        lock (gate)
        {
            sum += value;
            count++;
            if (bounds is null) return;
            // Upper bounds are inclusive.
            var at = Array.BinarySearch(bounds, value);
            buckets[at < 0 ? ~at : at]++;
        }
    }

    /// <summary>A gauge's value, or the total that an observed counter reports.</summary>
    internal void Set(double value)
    {
        lock (gate) (sum, count) = (value, 1);
    }

    internal (double Sum, long Count, long[] Buckets) Read()
    {
        lock (gate) return (sum, count, [.. buckets]);
    }
}
