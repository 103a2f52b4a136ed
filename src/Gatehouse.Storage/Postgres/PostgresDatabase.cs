using System.Data;
using Gatehouse.Kernel;
using Npgsql;

namespace Gatehouse.Storage.Postgres;

/// <summary>PostgreSQL 15 or later through one data source. Row-level security is the second wall behind every statement's own filter.</summary>
internal sealed class PostgresDatabase : IDatabase, ISystemDatabase, IAsyncDisposable
{
    private readonly string unpooled;

    internal NpgsqlDataSource Source { get; }
    internal ChangeFeed Feed { get; }
    public Dialect Dialect => Dialect.Postgres;

    internal PostgresDatabase(string connectionString, ChangeFeed feed)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "gatehouse" };
        // The product's statements are few and fixed: let the driver prepare them all.
        if (settings.MaxAutoPrepare == 0) settings.MaxAutoPrepare = 500;
        settings.AutoPrepareMinUsages = 2;
        // A session keeps nothing of its transactions: the tenant is set for one of them, and locks of a session are taken on connections that are not pooled.
        settings.NoResetOnClose = true;
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UsePhysicalConnectionInitializer(Prepare, PrepareAsync);
        Source = source.Build();
        unpooled = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, MaxAutoPrepare = 0 }.ConnectionString;
        Feed = feed;
    }

    async ValueTask<TenantTransaction> IDatabase.BeginAsync(TenantId tenant, CancellationToken ct)
    {
        Tenants.Require(tenant);
        return new PostgresTenantTransaction(await OpenAsync(ct), tenant, null);
    }

    // Reads take the same path: BEGIN travels with the first statement, so a read-only variant would only add a packet.
    ValueTask<TenantTransaction> IDatabase.ReadAsync(TenantId tenant, CancellationToken ct) => ((IDatabase)this).BeginAsync(tenant, ct);

    async ValueTask<SystemTransaction> ISystemDatabase.BeginAsync(CancellationToken ct) => new PostgresSystemTransaction(await OpenAsync(ct));

    ValueTask<SystemTransaction> ISystemDatabase.ReadAsync(CancellationToken ct) => ((ISystemDatabase)this).BeginAsync(ct);

    /// <summary>
    /// A connection that ends with its disposal. A pooled one only goes to sleep, and with it whatever its session holds: an advisory
    /// lock would outlive its owner.
    /// </summary>
    internal async ValueTask<NpgsqlConnection> OpenUnpooledAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync(ct);
        return connection;
    }

    // Every statement reads a bounded part of an index. Where the planner thinks otherwise of a large table, compiling the statement or calling workers for it costs tens
    // of milliseconds more than it could save.
    private const string SessionSettings = "SET jit = off; SET max_parallel_workers_per_gather = 0";

    private static void Prepare(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(SessionSettings, connection);
        command.ExecuteNonQuery();
    }

    private static async Task PrepareAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(SessionSettings, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async ValueTask<PostgresUnit> OpenAsync(CancellationToken ct)
    {
        var connection = await Source.OpenConnectionAsync(ct);
        try
        {
            return new PostgresUnit(connection, await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct), Feed);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
