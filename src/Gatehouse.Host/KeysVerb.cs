using System.CommandLine;
using Gatehouse.Audit;
using Gatehouse.Hosting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;
using Gatehouse.Tenants;

namespace Gatehouse.Host;

/// <summary><c>gatehouse keys rotate</c>: begins a rotation now; <c>--emergency</c> ends the present keys at once.</summary>
internal static class KeysVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions();
        var slug = new Option<string>("--tenant") { Description = "Whose keys.", HelpName = "SLUG", Required = true };
        var emergency = new Option<bool>("--emergency") { Description = "The private key may be known: stop trusting what it signed, now." };
        var algorithms = new Option<string[]>("--algorithm") { Description = "ES256 or RS256; may be given twice (default: both).", HelpName = "ALG", DefaultValueFactory = _ => ["ES256", "RS256"] };
        algorithms.AcceptOnlyFromAmong("ES256", "RS256");
        var rotate = new Command("rotate", "Rotate a tenant's signing keys.") { slug, emergency, algorithms };
        common.AddTo(rotate);
        rotate.SetAction(async (parsed, ct) =>
        {
            await using var app = GatehouseApp.Build(common.Read(parsed) with { LogToStandardError = true });
            await GatehouseApp.PrepareAsync(app, ct);
            var wanted = parsed.GetRequiredValue(slug);
            var tenant = await app.Services.GetRequiredService<TenantDirectory>().FindBySlugAsync(wanted, ct) ?? throw new StartupException($"There is no tenant \"{wanted}\".");
            foreach (var name in parsed.GetRequiredValue(algorithms))
            {
                await app.Services.GetRequiredService<KeyRotation>().RotateAsync(tenant, JwsAlgorithm.TryParse(name)!, parsed.GetValue(emergency), AuditActor.System, RequestFacts.None, ct);
                await System.Console.Out.WriteLineAsync($"{name}: {(parsed.GetValue(emergency) ? "replaced" : "rotation begun")}");
            }
            return 0;
        });
        return new Command("keys", "Work with signing keys.") { rotate };
    }
}
