using System.CommandLine;
using Gatehouse.Hosting;
using Gatehouse.Storage;

namespace Gatehouse.Host;

/// <summary><c>gatehouse migrate</c>: brings the schema up to date without serving; <c>--dry-run</c> only says what it would do.</summary>
internal static class MigrateVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing; print what would run." };
        var contract = new Option<bool>("--contract") { Description = "Also remove what the version before still uses. Only when no older process is running." };
        var verb = new Command("migrate", "Bring the database to this version's schema.") { dryRun, contract };
        common.AddTo(verb);
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = GatehouseApp.Build(common.Read(parsed) with { LogToStandardError = true });
            var runner = app.Services.GetRequiredService<MigrationRunner>();
            if (parsed.GetValue(dryRun))
            {
                var plan = await runner.PlanAsync(GatehouseApp.Migrations, ct);
                await PrintAsync("would apply", plan.Pending);
                await PrintAsync(parsed.GetValue(contract) ? "would apply" : "waits for --contract", plan.WaitingContracts);
                if (plan.Pending.Count + plan.WaitingContracts.Count == 0) await System.Console.Out.WriteLineAsync("The schema is current.");
                return 0;
            }
            var report = await runner.RunAsync(GatehouseApp.Migrations, parsed.GetValue(contract), ct);
            await PrintAsync("applied", report.Applied);
            await PrintAsync("waits for --contract", parsed.GetValue(contract) ? [] : report.WaitingContracts);
            if (report.Applied.Count == 0) await System.Console.Out.WriteLineAsync("The schema is current.");
            return 0;
        });
        return verb;
    }

    private static async Task PrintAsync(string what, IReadOnlyList<string> names)
    {
        foreach (var name in names) await System.Console.Out.WriteLineAsync($"{what} {name}");
    }
}
