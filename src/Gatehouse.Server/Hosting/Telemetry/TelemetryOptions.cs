namespace Gatehouse.Hosting.Telemetry;

/// <summary>Who is told how the process is doing. Section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>Address of an OpenTelemetry collector (OTLP over gRPC, for example <c>http://localhost:4317</c>). Empty (the default): nothing is sent.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Share of requests whose traces are sent, 0 to 1; requests that arrive within a sampled trace always are. Default 1.</summary>
    public double TraceRatio { get; set; } = 1;

    /// <summary>
    /// Where <c>/metrics</c> (Prometheus text), <c>/healthz</c> and <c>/readyz</c> are served apart from the public listener. Empty: nowhere.
    /// Not set: <c>http://127.0.0.1:9464</c> when that port is free.
    /// </summary>
    public string? AdminUrls { get; set; }
}
