using System.CommandLine;
using Gatehouse.Hosting;

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
            await app.RunAsync(ct);
            return 0;
        });
        return verb;
    }
}
