using Gatehouse.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Testing;

/// <summary>Databases with every migration applied, made once per test process and copied: some seventy scripts are run twice and not for each server.</summary>
internal static class Migrated
{
    private const string File = "gatehouse.db";

    private static readonly Lazy<Task<string>> sqlite = new(() => Task.Run(MakeSqliteAsync));
    private static readonly Lazy<Task<string>> postgres = new(() => Task.Run(MakePostgresAsync));

    /// <summary>Puts the embedded database into a data folder.</summary>
    internal static async Task CopySqliteAsync(string folder) => System.IO.File.Copy(await sqlite.Value, Path.Combine(folder, File));

    /// <returns>The connection string of a new PostgreSQL database.</returns>
    internal static async Task<string> CreatePostgresAsync() => await (await PostgresCluster.GetAsync()).CreateDatabaseAsync(await postgres.Value);

    private static async Task<string> MakeSqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-migrated-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        await RunAsync(new() { ["Storage:DataDirectory"] = folder, ["Storage:SqliteSyncEveryCommit"] = "false" });
        var file = Path.Combine(folder, File);
        // A copy of the file alone is the whole database only when nothing is left in the log beside it.
        if (System.IO.File.Exists(file + "-wal")) throw new InvalidOperationException("The migrated database was not closed.");
        return file;
    }

    private static async Task<string> MakePostgresAsync()
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-migrated-").FullName;
        var connection = await (await PostgresCluster.GetAsync()).CreateDatabaseAsync();
        await RunAsync(new() { ["Storage:DataDirectory"] = folder, ["Storage:Postgres"] = connection });
        Directory.Delete(folder, recursive: true);
        return new Npgsql.NpgsqlConnectionStringBuilder(connection).Database!;
    }

    private static async Task RunAsync(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton(TimeProvider.System);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddStorage();
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<MigrationRunner>().RunAsync(Migration.Load(Hosting.ServerAssembly.Assembly), contract: false, CancellationToken.None);
    }
}
