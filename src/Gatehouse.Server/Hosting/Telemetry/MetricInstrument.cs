using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Gatehouse.Hosting.Telemetry;

/// <summary>One instrument and its series, and how they read in Prometheus' text format 0.0.4.</summary>
internal sealed class MetricInstrument
{
    /// <summary>Distinct tag sets kept; what comes after them is counted in one series marked as overflow.</summary>
    private const int MaxSeries = 1000;
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", true)];

    private readonly double[]? bounds;
    private readonly bool adds, counter;
    private readonly string name, help;
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> series = new(new TagComparer());
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> byTags;

    internal MetricInstrument(Instrument instrument)
    {
        byTags = series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        var type = instrument.GetType().GetGenericTypeDefinition();
        counter = type == typeof(Counter<>) || type == typeof(ObservableCounter<>);
        adds = type == typeof(Counter<>) || type == typeof(UpDownCounter<>) || type == typeof(Histogram<>);
        if (type == typeof(Histogram<>))
            bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray()
                ?? (instrument as Histogram<long>)?.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray() ?? DefaultBounds;
        name = NameOf(instrument);
        help = (instrument.Description ?? instrument.Name).ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal);
    }

    internal void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!byTags.TryGetValue(tags, out var one))
            one = series.GetOrAdd(series.Count < MaxSeries ? tags.ToArray() : Overflow, static (_, b) => new MetricSeries(b), bounds);
        if (adds) one.Add(value);
        else one.Set(value);
    }

    internal void WriteTo(StringBuilder text)
    {
        if (series.IsEmpty) return;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {(bounds is not null ? "histogram" : counter ? "counter" : "gauge")}\n");
        HashSet<string> written = new(StringComparer.Ordinal);
        foreach (var (tags, one) in series)
        {
            var labels = Labels(tags);
            // The same tags in another order are the same series to Prometheus; our instruments do not do that.
            if (!written.Add(labels)) continue;
            var (sum, count, buckets) = one.Read();
            if (bounds is null) { Line(text, name, labels, Number(sum)); continue; }
            long below = 0;
            for (var i = 0; i < buckets.Length; i++)
            {
                below += buckets[i];
                Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{(i < bounds.Length ? Number(bounds[i]) : "+Inf")}\"", Number(below));
            }
            Line(text, name + "_sum", labels, Number(sum));
            Line(text, name + "_count", labels, Number(count));
        }
    }

    private static void Line(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(KeyValuePair<string, object?>[] tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            if (text.Length > 0) text.Append(',');
            var escaped = Convert.ToString(value, CultureInfo.InvariantCulture)!
                .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(Word(key)).Append("=\"").Append(escaped).Append('"');
        }
        return text.ToString();
    }

    /// <summary>OpenTelemetry's own mapping: dots become underscores, the unit its plural word, a counter ends in <c>_total</c>.</summary>
    private string NameOf(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", "%" => "_percent", _ => "" };
        var text = Word(instrument.Name);
        if (!text.EndsWith(unit, StringComparison.Ordinal)) text += unit;
        // Prometheus keeps this ending for histograms.
        if (bounds is null && text.EndsWith("_count", StringComparison.Ordinal)) text = string.Concat(text.AsSpan(0, text.Length - "count".Length), "number");
        return counter && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    private static string Word(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
