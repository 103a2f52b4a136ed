using System.Globalization;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Tests.Credentials;

/// <summary>A web server on loopback that says one thing.</summary>
internal sealed class SmallWeb : IAsyncDisposable
{
    private readonly WebApplication app;

    private SmallWeb(WebApplication app, string url) => (this.app, Url) = (app, url);

    internal string Url { get; }

    internal static async Task<SmallWeb> StartAsync(Func<string> answer)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{PostgresCluster.FreePort()}/");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.MapGet("/", () => Results.Text(answer()));
        await app.StartAsync();
        return new(app, url);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
