using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Testing;

/// <summary>A migrated, empty database of one kind and two tenant ids: the world in which stores are asked about isolation.</summary>
public sealed class TestStorage : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string? folder;

    private TestStorage(ServiceProvider services, string? folder, TestClock clock) => (this.services, this.folder, Clock) = (services, folder, clock);

    public TestClock Clock { get; }
    public IDatabase Database => services.GetRequiredService<IDatabase>();
    public ISystemDatabase System => services.GetRequiredService<ISystemDatabase>();
    public IServiceProvider Services => services;

    /// <summary>Two tenants that exist only as ids: stores must keep them apart whether or not the registry knows them.</summary>
    public TenantId One { get; } = TenantId.New(TimeProvider.System);
    public TenantId Two { get; } = TenantId.New(TimeProvider.System);

    /// <param name="add">Registers the rooms under test.</param>
    public static async Task<TestStorage> OpenAsync(TestDatabase database, Action<IServiceCollection>? add = null, bool migrate = true)
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-storage-").FullName;
        var settings = new Dictionary<string, string?> { ["Storage:DataDirectory"] = folder, ["Storage:SqliteSyncEveryCommit"] = "false" };
        if (database == TestDatabase.Postgres) settings["Storage:Postgres"] = migrate ? await Migrated.CreatePostgresAsync() : await (await PostgresCluster.GetAsync()).CreateDatabaseAsync();
        else if (migrate) await Migrated.CopySqliteAsync(folder);
        var clock = new TestClock();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton<TimeProvider>(clock);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddStorage();
        add?.Invoke(services);
        return new(services.BuildServiceProvider(), folder, clock);
    }

    /// <summary>One statement or a few in a transaction of the tenant's.</summary>
    /// <param name="commit">False: nothing of it stays.</param>
    public async Task<T> InAsync<T>(TenantId tenant, Func<TenantTransaction, ValueTask<T>> work, bool commit = true)
    {
        await using var tx = await Database.BeginAsync(tenant, CancellationToken.None);
        var result = await work(tx);
        if (commit) await tx.CommitAsync(CancellationToken.None);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }
}
