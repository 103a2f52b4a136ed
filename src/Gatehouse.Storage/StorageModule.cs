using Gatehouse.Storage.Postgres;
using Gatehouse.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Storage;

/// <summary>Everything storage puts into the process. Read this first.</summary>
public static class StorageModule
{
    /// <summary>Registers the database that <see cref="StorageOptions"/> name. Nothing is opened before first use.</summary>
    public static void AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<IChangeFeed>(s => s.GetRequiredService<ChangeFeed>());
        services.AddSingleton(Open);
        services.AddSingleton(s => (IDatabase)s.GetRequiredService<OpenedDatabase>().Value);
        services.AddSingleton(s => (ISystemDatabase)s.GetRequiredService<OpenedDatabase>().Value);
        services.AddSingleton<MigrationRunner>();
        services.AddSingleton<Pruning>();
        services.AddHostedService(s => s.GetRequiredService<Pruning>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<OpenedDatabase>().Value switch
        {
            PostgresDatabase postgres => new PostgresChangeListener(postgres, TimeProvider.System, s.GetRequiredService<ILogger<PostgresChangeListener>>()),
            SqliteDatabase sqlite => new SqliteChangeWatch(sqlite, TimeProvider.System),
            _ => throw new InvalidOperationException("An unknown database was opened."),
        });
    }

    private static OpenedDatabase Open(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var feed = services.GetRequiredService<ChangeFeed>();
        if (options.Postgres.Length > 0) return new(new PostgresDatabase(options.Postgres, feed));
        SqliteFile.CreateFolder(options.DataDirectory);
        return new(new SqliteDatabase(Path.Combine(options.DataDirectory, "gatehouse.db"), options.SqliteSyncEveryCommit, feed));
    }
}

/// <summary>Owns the opened database so that it is disposed once, at the very end.</summary>
internal sealed class OpenedDatabase(object value) : IAsyncDisposable
{
    internal object Value => value;

    public async ValueTask DisposeAsync()
    {
        if (value is IAsyncDisposable later) await later.DisposeAsync();
        else if (value is IDisposable now) now.Dispose();
    }
}
