using Gatehouse.Kernel;
using Microsoft.Data.Sqlite;

namespace Gatehouse.Storage.Sqlite;

/// <summary>
/// One open connection and the statements it has prepared. Preparing is most of the cost of a small SQLite statement, and the product
/// has a fixed, small set of them, so each connection keeps all of its own.
/// </summary>
internal sealed class SqliteConnectionState : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);
    private readonly SqliteConnection connection;

    internal SqliteConnectionState(string connectionString, IEnumerable<string> pragmas)
    {
        connection = new SqliteConnection(connectionString);
        connection.Open();
        foreach (var pragma in pragmas) Run(pragma);
    }

    internal void Run(string sql) => Command(sql, null, []).ExecuteNonQuery();

    internal long ReadLong(string sql) => Convert.ToInt64(Command(sql, null, []).ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);

    internal int Execute(string sql, TenantId? tenant, (string Name, object? Value)[] args) => Command(sql, tenant, args).ExecuteNonQuery();

    internal List<T> List<T>(string sql, TenantId? tenant, (string Name, object? Value)[] args, Func<SqlRow, T> read)
    {
        using var reader = Command(sql, tenant, args).ExecuteReader();
        var rows = new List<T>();
        var row = new SqlRow(reader, Dialect.Sqlite);
        while (reader.Read()) rows.Add(read(row));
        return rows;
    }

    private SqliteCommand Command(string sql, TenantId? tenant, (string Name, object? Value)[] args)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            if (sql.Contains("@tenant", StringComparison.Ordinal)) command.Parameters.Add(new SqliteParameter { ParameterName = "@tenant" });
            foreach (var (name, _) in args) command.Parameters.Add(new SqliteParameter { ParameterName = "@" + name });
            prepared.Add(sql, command);
        }
        var at = 0;
        if (command.Parameters.Count > args.Length)
            command.Parameters[at++].Value = tenant is { } owner
                ? SqliteValue.From(owner)
                : throw new InvalidOperationException("A statement with @tenant needs a tenant's transaction.");
        foreach (var (name, value) in args)
        {
            var parameter = command.Parameters[at++];
            if (!parameter.ParameterName.AsSpan(1).SequenceEqual(name))
                throw new InvalidOperationException($"One statement, one order of parameters: expected {parameter.ParameterName}, got @{name}.");
            parameter.Value = SqliteValue.From(value);
        }
        return command;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }
}
