using Gatehouse.Http;

namespace Gatehouse.Hosting.Telemetry;

/// <summary>The meters that are published.</summary>
internal static class Meters
{
    internal static IReadOnlySet<string> Names { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", ProductMeter.Name,
    };
}
