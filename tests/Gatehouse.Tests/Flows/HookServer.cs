using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Tests.Flows;

/// <summary>A tenant's program on loopback, which answers as the test says and keeps what it was asked.</summary>
internal sealed class HookServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private int atOnce;

    private HookServer(WebApplication app, string url) => (this.app, Url) = (app, url);

    internal string Url { get; }
    internal Func<HttpContext, Task> Answer { get; set; } = http => Say(http, """{"decision":"continue"}""");
    internal ConcurrentQueue<(IReadOnlyDictionary<string, string> Headers, string Body)> Asked { get; } = new();
    internal int MostAtOnce { get; private set; }

    internal static async Task<HookServer> StartAsync()
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{PostgresCluster.FreePort()}/");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        var server = new HookServer(app, url + "hook");
        app.MapPost("/hook", server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    internal static async Task Say(HttpContext http, string body, string type = "application/json", int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        await http.Response.WriteAsync(body);
    }

    /// <summary>A step that asks this server.</summary>
    internal string Step(string onFailure = "deny", int timeout = 5000, string more = "") =>
        $$"""{"id":"hook","type":"webhook","url":"{{Url}}","timeout_ms":{{timeout}},"on_failure":"{{onFailure}}"{{more}}}""";

    private async Task HandleAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        Asked.Enqueue((http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync()));
        var now = Interlocked.Increment(ref atOnce);
        lock (Asked) MostAtOnce = Math.Max(MostAtOnce, now);
        try
        {
            await Answer(http);
        }
        finally
        {
            Interlocked.Decrement(ref atOnce);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
