using Gatehouse.Kernel;

namespace Gatehouse.Storage;

/// <summary>Opens transactions for one tenant. There is no way to reach a tenant's rows without naming the tenant.</summary>
public interface IDatabase
{
    /// <summary>Opens a transaction that may write. On SQLite writers take turns; on PostgreSQL isolation is read committed.</summary>
    /// <exception cref="ArgumentException">The tenant is the empty id: there is no default tenant.</exception>
    ValueTask<TenantTransaction> BeginAsync(TenantId tenant, CancellationToken ct);

    /// <summary>Opens a read-only transaction that never waits for a writer. Writing through it fails in the database.</summary>
    ValueTask<TenantTransaction> ReadAsync(TenantId tenant, CancellationToken ct);
}

/// <summary>
/// The only way across tenants: start-up, routing, background jobs. The rooms that may name this type are listed in
/// <c>Gatehouse.Architecture</c>; everything else takes <see cref="IDatabase"/>.
/// </summary>
public interface ISystemDatabase
{
    ValueTask<SystemTransaction> BeginAsync(CancellationToken ct);
    ValueTask<SystemTransaction> ReadAsync(CancellationToken ct);

    /// <summary>Which engine answers: what a dialect's variant of a statement is chosen by.</summary>
    Dialect Dialect { get; }
}

public enum Dialect { Sqlite, Postgres }
