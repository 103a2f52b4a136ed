using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Gatehouse.Hosting.Telemetry;

/// <summary>
/// Listens to the published meters of this process and keeps their sums, so that Prometheus can ask for them. Written by us because the
/// library that does it cannot be had here; it is a dictionary and a text format.
/// </summary>
internal sealed class PrometheusMetrics : IDisposable
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricInstrument> instruments = new();
    private readonly Lock scrape = new();

    /// <param name="own">This application's meters: a process may hold several applications, and each speaks of itself.</param>
    internal PrometheusMetrics(IMeterFactory own)
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (!Meters.Names.Contains(instrument.Meter.Name) || instrument.Meter.Scope is IMeterFactory owner && owner != own) return;
            l.EnableMeasurementEvents(instrument, instruments.GetOrAdd(instrument, static i => new MetricInstrument(i)));
        };
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        listener.Start();
    }

    /// <summary>Everything, as text.</summary>
    internal string Write()
    {
        // One scrape at a time: observed values are set while they are asked for.
        lock (scrape)
        {
            listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            text.Append(CultureInfo.InvariantCulture, $"# HELP gatehouse_build_info What this process is.\n# TYPE gatehouse_build_info gauge\ngatehouse_build_info{{version=\"{Build.Version}\"}} 1\n");
            // Several meters may carry one instrument; the first of a name speaks.
            foreach (var group in instruments.GroupBy(i => i.Key.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)) group.First().Value.WriteTo(text);
            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();
}
