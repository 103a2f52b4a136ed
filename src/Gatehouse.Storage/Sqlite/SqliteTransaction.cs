using Gatehouse.Kernel;

namespace Gatehouse.Storage.Sqlite;

/// <summary>The work on one connection between BEGIN and COMMIT; shared by a system transaction and its narrowed views.</summary>
internal sealed class SqliteUnit(SqliteDatabase database, SqliteConnectionState connection, bool writes)
{
    private readonly List<(string Sql, TenantId? Tenant, (string Name, object? Value)[] Args)> last = [];
    private bool done;

    internal SqliteConnectionState Connection => done ? throw new ObjectDisposedException(nameof(SqliteUnit)) : connection;

    internal void ExecuteAtCommit(string sql, TenantId? tenant, (string Name, object? Value)[] args) => last.Add((sql, tenant, args));

    internal void Commit(IReadOnlyList<string> changes)
    {
        foreach (var (sql, tenant, args) in last) Connection.Execute(sql, tenant, args);
        Connection.Run("COMMIT");
        done = true;
        database.Release(connection, writes);
        foreach (var change in changes) database.Feed.Publish(change);
    }

    internal void End()
    {
        if (done) return;
        done = true;
        try { connection.Run("ROLLBACK"); }
        finally { database.Release(connection, writes); }
    }
}

internal sealed class SqliteTenantTransaction(SqliteUnit unit, TenantId tenant, SqliteSystemTransaction? owner) : TenantTransaction
{
    public override TenantId Tenant => tenant;
    public override Dialect Dialect => Dialect.Sqlite;

    public override ValueTask<int> ExecuteAsync(string sql, (string Name, object? Value)[] args, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return ValueTask.FromResult(unit.Connection.Execute(sql, tenant, args));
    }

    public override ValueTask<int> ExecuteManyAsync(string sql, IReadOnlyList<(string Name, object? Value)[]> args, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var changed = 0;
        foreach (var one in args) changed += unit.Connection.Execute(sql, tenant, one);
        return ValueTask.FromResult(changed);
    }

    public override void ExecuteAtCommit(string sql, (string Name, object? Value)[] args) => unit.ExecuteAtCommit(sql, tenant, args);

    public override ValueTask<List<T>> ListAsync<T>(string sql, (string Name, object? Value)[] args, Func<SqlRow, T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return ValueTask.FromResult(unit.Connection.List(sql, tenant, args, read));
    }

    public override ValueTask CommitAsync(CancellationToken ct)
    {
        if (owner is not null) throw new InvalidOperationException("A narrowed transaction commits with its owner.");
        ct.ThrowIfCancellationRequested();
        unit.Commit(Changes);
        return default;
    }

    internal IReadOnlyList<string> Announced => Changes;

    public override ValueTask DisposeAsync()
    {
        if (owner is null) unit.End();
        return default;
    }
}

internal sealed class SqliteSystemTransaction(SqliteUnit unit) : SystemTransaction
{
    private readonly List<SqliteTenantTransaction> views = [];

    public override Dialect Dialect => Dialect.Sqlite;

    public override TenantTransaction For(TenantId tenant)
    {
        Tenants.Require(tenant);
        var view = new SqliteTenantTransaction(unit, tenant, this);
        views.Add(view);
        return view;
    }

    public override ValueTask<int> ExecuteAsync(string sql, (string Name, object? Value)[] args, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return ValueTask.FromResult(unit.Connection.Execute(sql, null, args));
    }

    public override ValueTask<int> ExecuteManyAsync(string sql, IReadOnlyList<(string Name, object? Value)[]> args, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var changed = 0;
        foreach (var one in args) changed += unit.Connection.Execute(sql, null, one);
        return ValueTask.FromResult(changed);
    }

    public override void ExecuteAtCommit(string sql, (string Name, object? Value)[] args) => unit.ExecuteAtCommit(sql, null, args);

    public override ValueTask<List<T>> ListAsync<T>(string sql, (string Name, object? Value)[] args, Func<SqlRow, T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return ValueTask.FromResult(unit.Connection.List(sql, null, args, read));
    }

    public override ValueTask CommitAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        unit.Commit([.. Changes, .. views.SelectMany(v => v.Announced)]);
        return default;
    }

    public override ValueTask DisposeAsync()
    {
        unit.End();
        return default;
    }
}
