using System.Net.Sockets;
using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Hosting.Telemetry;

/// <summary>
/// A listener of its own for the operator: <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>. A small application apart from the product's,
/// so that no mistake in a route or a Host header can show metrics to the public.
/// </summary>
internal sealed partial class AdminListener(IOptions<TelemetryOptions> options, Readiness readiness, System.Diagnostics.Metrics.IMeterFactory meters, ILogger<AdminListener> log) : IHostedService, IAsyncDisposable
{
    private const string DefaultUrl = "http://127.0.0.1:9464";
    private PrometheusMetrics? metrics;
    private WebApplication? app;

    /// <summary>Where it listens; empty when it does not.</summary>
    internal IEnumerable<string> Urls => app?.Urls ?? [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var configured = options.Value.AdminUrls;
        if (configured is { Length: 0 }) return;
        metrics = new PrometheusMetrics(meters);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "gatehouse-admin" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(KestrelSetup.Apply).UseUrls((configured ?? DefaultUrl).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        app = builder.Build();
        app.Run(AnswerAsync);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (configured is null && e.InnerException is AddressInUseException or SocketException)
        {
            // Nobody asked for this port by name; a second server on one machine must still start.
            LogPortTaken(log, DefaultUrl);
            await StopAsync(CancellationToken.None);
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        SecurityHeaders.Set(http);
        switch (http.Request.Path.Value)
        {
            case "/metrics":
                http.Response.ContentType = PrometheusMetrics.ContentType;
                await http.Response.WriteAsync(metrics!.Write(), http.RequestAborted);
                break;
            case "/healthz":
                await HealthEndpoints.Alive().ExecuteAsync(http);
                break;
            case "/readyz":
                await (await HealthEndpoints.ReadyAsync(http, readiness)).ExecuteAsync(http);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (app is null) return;
        await app.StopAsync(cancellationToken);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        metrics?.Dispose();
        (app, metrics) = (null, null);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Url} is taken by another process: metrics are not served. Set Telemetry:AdminUrls.")]
    private static partial void LogPortTaken(ILogger log, string url);
}
