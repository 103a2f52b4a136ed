using System.Diagnostics;
using System.Reflection;
using Gatehouse.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gatehouse.Hosting.Telemetry;

/// <summary>
/// Sends traces and metrics to an OpenTelemetry collector when one is configured. The instruments are our own (<see
/// cref="Gatehouse.Http.ProductMeter"/>) and those that ASP.NET, Kestrel, the runtime and Npgsql carry already.
/// </summary>
internal sealed class Exporter(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (settings.OtlpEndpoint.Length == 0) return Task.CompletedTask;
        if (!Uri.TryCreate(settings.OtlpEndpoint, UriKind.Absolute, out var endpoint))
            throw new StartupException($"Telemetry:OtlpEndpoint: \"{settings.OtlpEndpoint}\" is not a URL.");
        if (settings.TraceRatio is not (>= 0 and <= 1)) throw new StartupException("Telemetry:TraceRatio is a number from 0 to 1.");
        void Send(OtlpExporterOptions otlp) => otlp.Endpoint = endpoint;
        var resource = ResourceBuilder.CreateDefault().AddService("gatehouse", serviceVersion: Build.Version);
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TraceRatio)))
            .AddSource("Microsoft.AspNetCore", "Npgsql").AddProcessor(new QueryRemoval()).AddOtlpExporter(Send).Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter([.. Meters.Names]).AddOtlpExporter(Send).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // Bounded: a collector that is gone must not hold up the shutdown.
        traces?.Shutdown(2000);
        metrics?.Shutdown(2000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    /// <summary>Queries carry codes, states and one-time links; none of them leaves the process.</summary>
    private sealed class QueryRemoval : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            data.SetTag("url.query", null);
            data.SetTag("url.full", null);
        }
    }
}

/// <summary>What this build is.</summary>
internal static class Build
{
    internal static string Version { get; } = typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
