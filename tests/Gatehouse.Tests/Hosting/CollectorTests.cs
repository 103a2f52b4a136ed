using System.Collections.Concurrent;
using System.Text;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gatehouse.Tests.Hosting;

/// <summary>What an OpenTelemetry collector receives over OTLP/gRPC.</summary>
public sealed class CollectorTests
{
    private const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export", Metrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    [Fact]
    public async Task Sends_traces_and_metrics_to_a_collector_and_no_query()
    {
        await using var collector = await Collector.StartAsync();
        // The rest is sent when the server stops, which waits two seconds for it: on a busy machine not always long enough.
        for (var turn = 0; turn < 5 && !collector.Received(Metrics).Contains("http.server.request.duration", StringComparison.Ordinal); turn++)
        {
            await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Telemetry:OtlpEndpoint"] = collector.Url, ["Telemetry:TraceRatio"] = "1" } });
            using var client = server.Client();
            (await client.GetAsync(".well-known/openid-configuration")).EnsureSuccessStatusCode();
            (await client.GetAsync("oauth2/authorize?client_id=cli_unknown&state=not-for-collectors")).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
            // Traces go out every few seconds.
            await Eventually.TrueAsync(() => Task.FromResult(collector.Received(Traces).Contains("/oauth2/authorize", StringComparison.Ordinal)), TimeSpan.FromSeconds(20), "the collector has the traces");
        }
        var traces = collector.Received(Traces);
        traces.ShouldContain("gatehouse");
        traces.ShouldContain("/oauth2/authorize");
        traces.ShouldNotContain("not-for-collectors");
        collector.Received(Metrics).ShouldContain("http.server.request.duration");
    }

    /// <summary>Takes any export and keeps its bytes; protocol buffers carry text as UTF-8.</summary>
    private sealed class Collector(WebApplication app, ConcurrentDictionary<string, string> received) : IAsyncDisposable
    {
        internal string Url => app.Urls.Single();

        internal string Received(string path) => received.TryGetValue(path, out var text) ? text : "";

        internal static async Task<Collector> StartAsync()
        {
            ConcurrentDictionary<string, string> received = new(StringComparer.Ordinal);
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
            var app = builder.Build();
            app.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                var more = Encoding.UTF8.GetString(body.ToArray());
                received.AddOrUpdate(http.Request.Path, more, (_, text) => text + more);
                http.Response.ContentType = "application/grpc";
                http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
                // One message of no bytes: nothing was rejected.
                await http.Response.Body.WriteAsync(new byte[5]);
            });
            await app.StartAsync();
            return new(app, received);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
