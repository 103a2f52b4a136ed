using Gatehouse.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Gatehouse.Storage.Postgres;

/// <summary>
/// One connection between BEGIN and COMMIT. The tenant for row-level security travels in the same packet as the first statement, so the
/// second wall costs no round trip.
/// </summary>
internal sealed class PostgresUnit(NpgsqlConnection connection, NpgsqlTransaction transaction, ChangeFeed feed) : IAsyncDisposable
{
    /// <summary>The setting's value that lets the policies see every tenant.</summary>
    internal const string EveryTenant = "*";

    private readonly List<(string Scope, TenantId? Tenant, string Sql, (string Name, object? Value)[] Args)> last = [];
    private string? scope;

    internal void ExecuteAtCommit(string wanted, TenantId? tenant, string sql, (string Name, object? Value)[] args) => last.Add((wanted, tenant, sql, args));

    internal async ValueTask<int> ExecuteAsync(string wanted, TenantId? tenant, string sql, (string Name, object? Value)[] args, CancellationToken ct)
    {
        if (scope == wanted)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            Bind(command.Parameters, sql, tenant, args);
            return await command.ExecuteNonQueryAsync(ct);
        }
        await using var batch = Scoped(wanted, tenant, sql, args);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        scope = wanted;
        await reader.NextResultAsync(ct);
        while (await reader.NextResultAsync(ct)) { }
        // The first command is a SELECT and counts -1 rows; only the second's count is ours.
        return checked((int)batch.BatchCommands[1].RecordsAffected);
    }

    internal async ValueTask<int> ExecuteManyAsync(string wanted, TenantId? tenant, string sql, IReadOnlyList<(string Name, object? Value)[]> many, CancellationToken ct)
    {
        if (many.Count == 0) return 0;
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (scope != wanted) batch.BatchCommands.Add(Scope(wanted));
        foreach (var args in many)
        {
            var command = new NpgsqlBatchCommand(sql);
            Bind(command.Parameters, sql, tenant, args);
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync(ct);
        var skip = scope == wanted ? 0 : 1;
        scope = wanted;
        var changed = 0;
        for (var i = skip; i < batch.BatchCommands.Count; i++) changed += checked((int)batch.BatchCommands[i].RecordsAffected);
        return changed;
    }

    internal async ValueTask<List<T>> ListAsync<T>(string wanted, TenantId? tenant, string sql, (string Name, object? Value)[] args,
        Func<SqlRow, T> read, CancellationToken ct)
    {
        if (scope == wanted)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            Bind(command.Parameters, sql, tenant, args);
            await using var plain = await command.ExecuteReaderAsync(ct);
            return await ReadAllAsync(plain, read, ct);
        }
        await using var batch = Scoped(wanted, tenant, sql, args);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        scope = wanted;
        await reader.NextResultAsync(ct);
        return await ReadAllAsync(reader, read, ct);
    }

    internal async ValueTask CommitAsync(IReadOnlyList<string> changes, CancellationToken ct)
    {
        if (last.Count + changes.Count == 0)
        {
            await transaction.CommitAsync(ct);
            return;
        }
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var (wanted, tenant, sql, args) in last)
        {
            if (scope != wanted) batch.BatchCommands.Add(Scope(wanted));
            scope = wanted;
            var command = new NpgsqlBatchCommand(sql);
            Bind(command.Parameters, sql, tenant, args);
            batch.BatchCommands.Add(command);
        }
        if (changes.Count > 0)
        {
            var notify = new NpgsqlBatchCommand("SELECT pg_notify('gatehouse', c) FROM unnest($1) AS c");
            notify.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. changes] });
            batch.BatchCommands.Add(notify);
        }
        // After a failure nothing that follows in the packet is done, so the last of it commits all or nothing.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(ct);
        // This process need not wait for its own notification to come back.
        foreach (var change in changes) feed.Publish(change);
    }

    private NpgsqlBatch Scoped(string wanted, TenantId? tenant, string sql, (string Name, object? Value)[] args)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Scope(wanted));
        var command = new NpgsqlBatchCommand(sql);
        Bind(command.Parameters, sql, tenant, args);
        batch.BatchCommands.Add(command);
        return batch;
    }

    private static NpgsqlBatchCommand Scope(string wanted)
    {
        var set = new NpgsqlBatchCommand("SELECT set_config('app.tenant', $1, true)");
        set.Parameters.Add(new NpgsqlParameter<string> { TypedValue = wanted });
        return set;
    }

    private static async ValueTask<List<T>> ReadAllAsync<T>(NpgsqlDataReader reader, Func<SqlRow, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        var row = new SqlRow(reader, Dialect.Postgres);
        while (await reader.ReadAsync(ct)) rows.Add(read(row));
        return rows;
    }

    private static void Bind(NpgsqlParameterCollection parameters, string sql, TenantId? tenant, (string Name, object? Value)[] args)
    {
        if (sql.Contains("@tenant", StringComparison.Ordinal))
        {
            if (tenant is not { } owner) throw new InvalidOperationException("A statement with @tenant needs a tenant's transaction.");
            parameters.Add(new NpgsqlParameter("tenant", NpgsqlDbType.Uuid) { Value = owner.Value });
        }
        foreach (var (name, value) in args)
        {
            parameters.Add(value switch
            {
                null => new NpgsqlParameter(name, DBNull.Value),
                ITypedId id => new NpgsqlParameter(name, NpgsqlDbType.Uuid) { Value = id.Value },
                DateTimeOffset time => new NpgsqlParameter(name, NpgsqlDbType.TimestampTz) { Value = time.ToUniversalTime() },
                Json json => new NpgsqlParameter(name, NpgsqlDbType.Jsonb) { Value = json.Text },
                Guid or bool or int or long or string or byte[] => new NpgsqlParameter(name, value),
                _ => throw new ArgumentException($"A statement's value cannot be a {value.GetType()}.", nameof(args)),
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Disposing an open transaction rolls it back.
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
