using System.Collections.Concurrent;
using Gatehouse.Kernel;
using Microsoft.Data.Sqlite;

namespace Gatehouse.Storage.Sqlite;

/// <summary>
/// The embedded database: WAL, one writer connection, pooled readers. Writers queue here in order instead of colliding in the engine,
/// so a busy server never sees SQLITE_BUSY from itself; other processes (the command line) are waited for up to five seconds.
/// </summary>
internal sealed class SqliteDatabase : IDatabase, ISystemDatabase, IDisposable
{
    private const int MaxIdleReaders = 16;
    private readonly string connectionString;
    private readonly string[] pragmas;
    private readonly SemaphoreSlim writerTurn = new(1);
    private readonly ConcurrentBag<SqliteConnectionState> readers = [];
    private readonly Lazy<SqliteConnectionState> writer;

    internal ChangeFeed Feed { get; }
    internal string Path { get; }
    public Dialect Dialect => Dialect.Sqlite;

    internal SqliteDatabase(string path, bool syncEveryCommit, ChangeFeed feed)
    {
        SqliteLibrary.PreferSystem();
        (Path, Feed) = (path, feed);
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, ForeignKeys = true }.ToString();
        pragmas =
        [
            "PRAGMA journal_mode = WAL",
            // FULL also survives the loss of power; NORMAL only that of the process.
            syncEveryCommit ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
            "PRAGMA busy_timeout = 5000",
            "PRAGMA temp_store = MEMORY",
            "PRAGMA cache_size = -8000",
        ];
        writer = new(() => Open(pragmas));
    }

    async ValueTask<TenantTransaction> IDatabase.BeginAsync(TenantId tenant, CancellationToken ct)
    {
        Tenants.Require(tenant);
        return new SqliteTenantTransaction(await WriteAsync(ct), tenant, null);
    }

    ValueTask<TenantTransaction> IDatabase.ReadAsync(TenantId tenant, CancellationToken ct)
    {
        Tenants.Require(tenant);
        return ValueTask.FromResult<TenantTransaction>(new SqliteTenantTransaction(Read(), tenant, null));
    }

    async ValueTask<SystemTransaction> ISystemDatabase.BeginAsync(CancellationToken ct) => new SqliteSystemTransaction(await WriteAsync(ct));

    ValueTask<SystemTransaction> ISystemDatabase.ReadAsync(CancellationToken ct) =>
        ValueTask.FromResult<SystemTransaction>(new SqliteSystemTransaction(Read()));

    /// <summary>Changes whenever another process commits. Asked on the writer, whose own commits do not count.</summary>
    internal async ValueTask<long> DataVersionAsync(CancellationToken ct)
    {
        await writerTurn.WaitAsync(ct);
        try { return writer.Value.ReadLong("PRAGMA data_version"); }
        finally { writerTurn.Release(); }
    }

    internal void Release(SqliteConnectionState connection, bool writes)
    {
        if (writes) writerTurn.Release();
        else if (readers.Count < MaxIdleReaders) readers.Add(connection);
        else connection.Dispose();
    }

    private async ValueTask<SqliteUnit> WriteAsync(CancellationToken ct)
    {
        await writerTurn.WaitAsync(ct);
        try
        {
            // IMMEDIATE: a transaction that reads first and writes later must not find that somebody else wrote in between.
            writer.Value.Run("BEGIN IMMEDIATE");
            return new SqliteUnit(this, writer.Value, writes: true);
        }
        catch
        {
            writerTurn.Release();
            throw;
        }
    }

    private SqliteUnit Read()
    {
        if (!readers.TryTake(out var reader)) reader = Open([.. pragmas, "PRAGMA query_only = ON"]);
        reader.Run("BEGIN DEFERRED");
        return new SqliteUnit(this, reader, writes: false);
    }

    private SqliteConnectionState Open(IEnumerable<string> settings)
    {
        SqliteFile.Create(Path);
        return new SqliteConnectionState(connectionString, settings);
    }

    public void Dispose()
    {
        while (readers.TryTake(out var reader)) reader.Dispose();
        if (writer.IsValueCreated) writer.Value.Dispose();
        writerTurn.Dispose();
    }
}
