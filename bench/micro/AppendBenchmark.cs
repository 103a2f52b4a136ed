using System.Diagnostics;
using Gatehouse.Audit;
using Gatehouse.Hosting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Setup;
using Gatehouse.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Bench.Micro;

/// <summary>
/// How many audit entries a second a whole process appends and seals: writers that each commit a transaction of one entry, as a sign-in does,
/// or of four, with the process's own sealer beside them. PostgreSQL at the connection string in POSTGRES, an empty database; without it SQLite.
/// </summary>
internal static class AppendBenchmark
{
    private const int Persons = 2000;

    internal static void Run(int rounds) => RunAsync(rounds == 0 ? 5 : rounds).GetAwaiter().GetResult();

    private static async Task RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-append-").FullName;
        await using var app = GatehouseApp.Build(new GatehouseAppOptions
        {
            ReadEnvironment = false, Urls = "http://127.0.0.1:0",
            Settings = new Dictionary<string, string?> { ["Storage:DataDirectory"] = folder, ["Storage:Postgres"] = Environment.GetEnvironmentVariable("POSTGRES") ?? "", ["Telemetry:AdminUrls"] = "" },
            Logging = logging => logging.SetMinimumLevel(LogLevel.Warning),
        });
        await GatehouseApp.PrepareAsync(app, default);
        var made = await app.Services.GetRequiredService<FirstRun>().RunAsync(new("http://localhost:1", "Main", "a@example.com", "correct horse battery staple", null), RequestFacts.None, null, default);
        if (!made.TryGet(out var outcome, out var problem)) throw new InvalidOperationException(problem.Detail);
        await app.StartAsync();
        var (tenant, clock) = (outcome.Tenant.Id, TimeProvider.System);
        var persons = Enumerable.Range(0, Persons).Select(_ => UserId.New(clock)).ToArray();
        var world = new World(app.Services.GetRequiredService<IDatabase>(), app.Services.GetRequiredService<AuditLog>(), app.Services.GetRequiredService<AuditVerifier>(), tenant, persons);
        foreach (var (writers, entries) in new[] { (1, 1), (8, 1), (32, 1), (32, 4) })
        {
            await world.MeasureAsync(writers, entries, TimeSpan.FromSeconds(2));
            await world.AnalyzeAsync();
            List<Figures> figures = [];
            for (var round = 0; round < rounds; round++) figures.Add(await world.MeasureAsync(writers, entries, TimeSpan.FromSeconds(4)));
            System.Console.WriteLine($"{writers} writers, {entries} entries a transaction: {Spread(figures.Select(f => f.Appended))} appended/s, a transaction p50 {Spread(figures.Select(f => f.P50), 2)} ms, p99 {Spread(figures.Select(f => f.P99), 2)} ms; everything sealed {Spread(figures.Select(f => f.Behind), 2)} s after the last, {Spread(figures.Select(f => f.Sealed))} sealed/s");
        }
        var found = await world.VerifyAsync();
        System.Console.WriteLine(found.Break is null ? $"verified: {found.Entries} entries" : $"BROKEN at {found.Break.Seq}: {found.Break.Reason}");
        await app.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string Spread(IEnumerable<double> values, int digits = 0)
    {
        var sorted = values.Order().ToList();
        string Text(double v) => v.ToString($"F{digits}", System.Globalization.CultureInfo.InvariantCulture);
        return $"{Text(sorted[sorted.Count / 2])} ({Text(sorted[0])}–{Text(sorted[^1])})";
    }

    private sealed record Figures(double Appended, double P50, double P99, double Behind, double Sealed);

    private sealed class World(IDatabase database, AuditLog log, AuditVerifier verifier, TenantId tenant, UserId[] persons)
    {
        internal Task<AuditVerification> VerifyAsync() => verifier.VerifyAsync(tenant, default);

        /// <param name="entries">Of each transaction.</param>
        internal async Task<Figures> MeasureAsync(int writers, int entries, TimeSpan time)
        {
            var watch = Stopwatch.StartNew();
            var latencies = await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(() => WriteAsync(w, entries, watch, time))));
            var seconds = watch.Elapsed.TotalSeconds;
            var all = latencies.SelectMany(l => l).Order().ToList();
            while (await CountWaitingAsync() > 0) await Task.Delay(50);
            return new(all.Count * entries / seconds, all[all.Count / 2], all[all.Count * 99 / 100], watch.Elapsed.TotalSeconds - seconds, all.Count * entries / watch.Elapsed.TotalSeconds);
        }

        private async Task<List<double>> WriteAsync(int writer, int entries, Stopwatch watch, TimeSpan time)
        {
            List<double> latencies = [];
            for (var i = writer; watch.Elapsed < time; i += 7)
            {
                var begun = Stopwatch.GetTimestamp();
                var person = persons[i % persons.Length];
                await using var tx = await database.BeginAsync(tenant, default);
                for (var e = 0; e < entries; e++) await log.AppendAsync(tx, new("session.started", AuditOutcome.Success, AuditActor.User(person), "user", person.ToString(), new("198.51.100.7", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "req"),
                    new Dictionary<string, string> { ["method"] = "password" }), default);
                await tx.CommitAsync(default);
                latencies.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            return latencies;
        }

        /// <summary>What autovacuum does by itself within a minute: until then the planner guesses what is in the tables.</summary>
        internal async Task AnalyzeAsync()
        {
            await using var tx = await database.BeginAsync(tenant, default);
            await tx.ExecuteAsync("ANALYZE", [], default);
            await tx.CommitAsync(default);
        }

        private async Task<long> CountWaitingAsync()
        {
            await using var tx = await database.ReadAsync(tenant, default);
            return await tx.FindValueAsync("SELECT count(*) FROM (SELECT 1 FROM audit_inbox WHERE tenant_id = @tenant LIMIT 1) x", [], row => row.Long(0), default) ?? 0;
        }
    }
}
