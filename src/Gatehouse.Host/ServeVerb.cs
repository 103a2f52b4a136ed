using System.CommandLine;
using Gatehouse.Hosting;
using Gatehouse.Setup;
using Gatehouse.Tenants;
using Microsoft.Extensions.Options;

namespace Gatehouse.Host;

/// <summary><c>gatehouse serve</c>: brings the schema up to date, then serves until told to stop.</summary>
internal static class ServeVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions();
        var urls = new Option<string?>("--urls") { Description = "Where to listen (Hosting:Urls; default http://localhost:8080).", HelpName = "URLS" };
        var url = new Option<string?>("--url") { Description = "The server's own base URL, where it differs from where it listens (Hosting:Url).", HelpName = "ISSUER" };
        var verb = new Command("serve", "Run the server.") { urls, url };
        common.AddTo(verb);
        verb.SetAction(async (parsed, ct) =>
        {
            var options = common.Read(parsed, ("Hosting:Urls", parsed.GetValue(urls)), ("Hosting:Url", parsed.GetValue(url)));
            await using var app = GatehouseApp.Build(options);
            await GatehouseApp.PrepareAsync(app, ct);
            foreach (var listen in GatehouseApp.UrlsOf(app)) PortCheck.RequireFree(listen);
            await app.StartAsync(ct);
            await AnnounceAsync(app, ct);
            await app.WaitForShutdownAsync(ct);
            return 0;
        });
        return verb;
    }

    /// <summary>Where to go, in plain words among the JSON lines: at the first start this link is all there is.</summary>
    private static async Task AnnounceAsync(WebApplication app, CancellationToken ct)
    {
        var configured = app.Services.GetRequiredService<IOptions<TenantOptions>>().Value.Url;
        var address = configured.Length > 0 ? configured : Reachable(app.Urls.First());
        var link = await app.Services.GetRequiredService<SetupLink>().RenewAsync(address, ct);
        await System.Console.Out.WriteLineAsync(link is null
            ? $"Gatehouse is ready at {address}"
            : $"\nGatehouse is ready. Open this link to set it up; it works once:\n\n  {link}\n");
    }

    /// <summary>An address that means "every interface" is of no use in a browser.</summary>
    private static string Reachable(string url)
    {
        var uri = BindingAddress.Parse(url);
        var host = uri.Host is "*" or "+" or "0.0.0.0" or "[::]" or "127.0.0.1" or "[::1]" ? "localhost" : uri.Host;
        return uri.Port == (uri.Scheme == "https" ? 443 : 80) ? $"{uri.Scheme}://{host}" : $"{uri.Scheme}://{host}:{uri.Port}";
    }
}
