using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Hosting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Setup;

namespace Gatehouse.Host;

/// <summary><c>gatehouse bootstrap</c>: the first run without a browser. Prints JSON; the password comes from standard input only.</summary>
internal static class BootstrapVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions();
        var url = new Option<string>("--url") { Description = "The server's base URL: the issuer of tenant main.", HelpName = "URL", Required = true };
        var email = new Option<string>("--admin-email") { Description = "The first administrator's address.", HelpName = "EMAIL", Required = true };
        var password = new Option<bool>("--password-stdin") { Description = "Read the administrator's password from standard input, one line.", Required = true };
        var name = new Option<string?>("--name") { Description = "The tenant's display name (default: the host of the base URL).", HelpName = "NAME" };
        var automation = new Option<string?>("--automation-client") { Description = "Also make a service account with the administrator role.", HelpName = "NAME" };
        var verb = new Command("bootstrap", "Set up an empty server without a browser.") { url, email, password, name, automation };
        common.AddTo(verb);
        verb.SetAction(async (parsed, ct) =>
        {
            var issuer = parsed.GetRequiredValue(url);
            var secret = await System.Console.In.ReadLineAsync(ct) ?? throw new StartupException("No password arrived on standard input.");
            await using var app = GatehouseApp.Build(common.Read(parsed) with { LogToStandardError = true });
            await GatehouseApp.PrepareAsync(app, ct);
            var request = new FirstRunRequest(issuer, parsed.GetValue(name) ?? HostOf(issuer), parsed.GetRequiredValue(email), secret, parsed.GetValue(automation));
            var result = await app.Services.GetRequiredService<FirstRun>().RunAsync(request, RequestFacts.None, also: null, ct);
            if (!result.TryGet(out var made, out var problem)) throw new StartupException($"{problem.Detail} ({problem.Code})");
            await System.Console.Out.WriteLineAsync(JsonSerializer.Serialize(
                new BootstrapOutput(made.Tenant.Issuer, made.Automation?.Client.Id.ToString(), made.Automation?.Secret), BootstrapJson.Default.BootstrapOutput));
            return 0;
        });
        return verb;
    }

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host : "Gatehouse";
}

/// <summary>What a script needs to go on.</summary>
internal sealed record BootstrapOutput(string Issuer, string? ClientId, string? ClientSecret);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BootstrapOutput))]
internal sealed partial class BootstrapJson : JsonSerializerContext;
