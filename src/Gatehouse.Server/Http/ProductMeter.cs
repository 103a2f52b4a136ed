using System.Diagnostics.Metrics;

namespace Gatehouse.Http;

/// <summary>
/// The product's own meter. Each room adds its instruments to it; <c>docs/guides/operate.md</c> lists them. Tags have few values, none of
/// them a tenant's or a person's: a series costs memory, and the metrics are shown to whoever reads the monitoring.
/// </summary>
public static class ProductMeter
{
    public const string Name = "Gatehouse";

    /// <summary>The application's one meter of that name, however many ask.</summary>
    public static Meter Of(IMeterFactory meters) => meters.Create(Name);
}
