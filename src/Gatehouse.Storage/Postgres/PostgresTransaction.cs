using Gatehouse.Kernel;

namespace Gatehouse.Storage.Postgres;

internal sealed class PostgresTenantTransaction(PostgresUnit unit, TenantId tenant, PostgresSystemTransaction? owner) : TenantTransaction
{
    private readonly string scope = tenant.Value.ToString("D");

    public override TenantId Tenant => tenant;
    public override Dialect Dialect => Dialect.Postgres;

    public override ValueTask<int> ExecuteAsync(string sql, (string Name, object? Value)[] args, CancellationToken ct) =>
        unit.ExecuteAsync(scope, tenant, sql, args, ct);

    public override ValueTask<int> ExecuteManyAsync(string sql, IReadOnlyList<(string Name, object? Value)[]> args, CancellationToken ct) =>
        unit.ExecuteManyAsync(scope, tenant, sql, args, ct);

    public override void ExecuteAtCommit(string sql, (string Name, object? Value)[] args) => unit.ExecuteAtCommit(scope, tenant, sql, args);

    public override ValueTask<List<T>> ListAsync<T>(string sql, (string Name, object? Value)[] args, Func<SqlRow, T> read, CancellationToken ct) =>
        unit.ListAsync(scope, tenant, sql, args, read, ct);

    public override ValueTask CommitAsync(CancellationToken ct) => owner is null
        ? unit.CommitAsync(Changes, ct)
        : throw new InvalidOperationException("A narrowed transaction commits with its owner.");

    internal IReadOnlyList<string> Announced => Changes;

    public override ValueTask DisposeAsync() => owner is null ? unit.DisposeAsync() : default;
}

internal sealed class PostgresSystemTransaction(PostgresUnit unit) : SystemTransaction
{
    private readonly List<PostgresTenantTransaction> views = [];

    public override Dialect Dialect => Dialect.Postgres;

    public override TenantTransaction For(TenantId tenant)
    {
        Tenants.Require(tenant);
        var view = new PostgresTenantTransaction(unit, tenant, this);
        views.Add(view);
        return view;
    }

    public override ValueTask<int> ExecuteAsync(string sql, (string Name, object? Value)[] args, CancellationToken ct) =>
        unit.ExecuteAsync(PostgresUnit.EveryTenant, null, sql, args, ct);

    public override ValueTask<int> ExecuteManyAsync(string sql, IReadOnlyList<(string Name, object? Value)[]> args, CancellationToken ct) =>
        unit.ExecuteManyAsync(PostgresUnit.EveryTenant, null, sql, args, ct);

    public override void ExecuteAtCommit(string sql, (string Name, object? Value)[] args) => unit.ExecuteAtCommit(PostgresUnit.EveryTenant, null, sql, args);

    public override ValueTask<List<T>> ListAsync<T>(string sql, (string Name, object? Value)[] args, Func<SqlRow, T> read, CancellationToken ct) =>
        unit.ListAsync(PostgresUnit.EveryTenant, null, sql, args, read, ct);

    public override ValueTask CommitAsync(CancellationToken ct) =>
        unit.CommitAsync([.. Changes, .. views.SelectMany(v => v.Announced)], ct);

    public override ValueTask DisposeAsync() => unit.DisposeAsync();
}
