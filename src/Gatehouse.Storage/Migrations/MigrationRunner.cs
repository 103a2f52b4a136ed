using Gatehouse.Kernel;
using Gatehouse.Storage.Postgres;
using Gatehouse.Storage.Sqlite;
using Npgsql;

namespace Gatehouse.Storage;

/// <summary>What a run did or, for a dry run, would do.</summary>
public sealed record MigrationReport(IReadOnlyList<string> Applied, IReadOnlyList<string> Pending, IReadOnlyList<string> WaitingContracts);

/// <summary>
/// Brings a database to this program's schema: numbered scripts in one order, under a lock so that processes starting together take
/// turns, each in a transaction of its own, recorded with a checksum. Only expanding scripts run by themselves, so that the version
/// before keeps working on the same database; contracting ones wait for <c>gatehouse migrate --contract</c>.
/// </summary>
public sealed class MigrationRunner
{
    private const string Table =
        "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)";
    private const string Select = "SELECT name, checksum FROM schema_migrations ORDER BY name";
    private const string Insert = "INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (@name, @checksum, @now)";

    // One number for all processes of the product; any other user of advisory locks in this database picks another.
    private const long AdvisoryLock = 0x6761746568;

    private readonly ISystemDatabase database;
    private readonly TimeProvider clock;

    public MigrationRunner(ISystemDatabase database, TimeProvider clock) => (this.database, this.clock) = (database, clock);

    /// <summary>What has been applied and what is missing. Writes nothing; an empty database has everything pending.</summary>
    /// <exception cref="MigrationException">An applied migration differs from this program's.</exception>
    public async Task<MigrationReport> PlanAsync(IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        if (database is SqliteDatabase sqlite && !File.Exists(sqlite.Path)) return Compare(migrations, []);
        await using var tx = await database.ReadAsync(ct);
        return Compare(migrations, await AppliedAsync(tx, ct));
    }

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="MigrationException">An applied migration differs from this program's, or a script failed.</exception>
    public async Task<MigrationReport> RunAsync(IReadOnlyList<Migration> migrations, bool contract, CancellationToken ct)
    {
        await using var turn = database is PostgresDatabase postgres ? await LockAsync(postgres, ct) : null;
        List<string> ran = [];
        while (true)
        {
            await using var tx = await database.BeginAsync(ct);
            await tx.ExecuteAsync(Table, [], ct);
            var report = Compare(migrations, await AppliedAsync(tx, ct));
            var next = migrations.FirstOrDefault(m => report.Pending.Contains(m.Name) || (contract && report.WaitingContracts.Contains(m.Name)));
            if (next is null)
            {
                if (database is PostgresDatabase) foreach (var statement in RowLevelSecurity.Statements) await tx.ExecuteAsync(statement, [], ct);
                await tx.CommitAsync(ct);
                return report with { Applied = ran };
            }
            try
            {
                foreach (var statement in SqlScript.Split(next.For(tx.Dialect))) await tx.ExecuteAsync(statement, [], ct);
            }
            catch (System.Data.Common.DbException e)
            {
                throw new MigrationException($"Migration {next.Name} failed and was rolled back: {e.Message}", e);
            }
            await tx.ExecuteAsync(Insert, [("name", next.Name), ("checksum", next.Checksum), ("now", clock.Now())], ct);
            await tx.CommitAsync(ct);
            ran.Add(next.Name);
        }
    }

    private static MigrationReport Compare(IReadOnlyList<Migration> migrations, List<(string Name, string Checksum)> applied)
    {
        var known = applied.ToDictionary(a => a.Name, a => a.Checksum, StringComparer.Ordinal);
        foreach (var migration in migrations)
            if (known.TryGetValue(migration.Name, out var checksum) && checksum != migration.Checksum)
                throw new MigrationException($"Migration {migration.Name} was applied with other contents. Restore the program version that "
                    + "applied it, or the database from a backup; an applied migration never changes.");
        // Names in the database that this program does not know come from a newer version running beside it: allowed by expand/contract.
        var missing = migrations.Where(m => !known.ContainsKey(m.Name)).ToList();
        return new([.. known.Keys], [.. missing.Where(m => !m.Contract).Select(m => m.Name)], [.. missing.Where(m => m.Contract).Select(m => m.Name)]);
    }

    private static async Task<List<(string, string)>> AppliedAsync(SystemTransaction tx, CancellationToken ct)
    {
        var exists = tx.Dialect == Dialect.Sqlite
            ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
            : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'schema_migrations'";
        return await tx.FindValueAsync(exists, [], row => row.Long(0), ct) is null or 0
            ? []
            : await tx.ListAsync(Select, [], row => (row.Text(0), row.Text(1)), ct);
    }

    private static async Task<NpgsqlConnection> LockAsync(PostgresDatabase database, CancellationToken ct)
    {
        // The lock belongs to this connection's session and goes with it, whatever happens to the process.
        var connection = await database.OpenUnpooledAsync(ct);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { CommandTimeout = 300 };
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = AdvisoryLock });
        await command.ExecuteNonQueryAsync(ct);
        return connection;
    }
}
