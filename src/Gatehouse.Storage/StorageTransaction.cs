using Gatehouse.Kernel;

namespace Gatehouse.Storage;

/// <summary>
/// A unit of work. Rolls back unless committed. Not for use by two tasks at once.
/// </summary>
/// <remarks>
/// Statements are portable SQL with <c>@name</c> parameters. Values may be typed ids, <see cref="Guid"/>, <see cref="DateTimeOffset"/>,
/// <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="string"/>, <see cref="Json"/>, <c>byte[]</c> or null.
/// Two rules keep statements portable: no untyped null in a comparison (write a second statement instead of
/// <c>@x IS NULL OR …</c>), and no arithmetic on times (compute them here).
/// </remarks>
public abstract class StorageTransaction : IAsyncDisposable
{
    private List<string>? changes;

    public abstract Dialect Dialect { get; }

    /// <returns>How many rows the statement changed.</returns>
    public abstract ValueTask<int> ExecuteAsync(string sql, (string Name, object? Value)[] args, CancellationToken ct);

    /// <summary>One statement for each set of values, all of them in one round trip.</summary>
    /// <returns>How many rows they changed together.</returns>
    public abstract ValueTask<int> ExecuteManyAsync(string sql, IReadOnlyList<(string Name, object? Value)[]> args, CancellationToken ct);

    /// <summary>
    /// Runs a statement with the commit, in one packet with it: for a change that nothing in this transaction reads or depends on. It is undone with the
    /// rest, and when it fails the commit fails.
    /// </summary>
    public abstract void ExecuteAtCommit(string sql, (string Name, object? Value)[] args);

    /// <summary>Every row, materialised. The statement bounds its own result with LIMIT.</summary>
    public abstract ValueTask<List<T>> ListAsync<T>(string sql, (string Name, object? Value)[] args, Func<SqlRow, T> read, CancellationToken ct);

    /// <returns>The first row, or null.</returns>
    public async ValueTask<T?> FindAsync<T>(string sql, (string Name, object? Value)[] args, Func<SqlRow, T> read, CancellationToken ct) where T : class
    {
        var rows = await ListAsync(sql, args, read, ct);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <returns>The first row's value, or null.</returns>
    public async ValueTask<T?> FindValueAsync<T>(string sql, (string Name, object? Value)[] args, Func<SqlRow, T> read, CancellationToken ct) where T : struct
    {
        var rows = await ListAsync(sql, args, read, ct);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>
    /// Tells every process, after commit, that something cached has changed. At least once while the process is connected; a process
    /// that lost its connection drops its whole cache instead (see <see cref="IChangeFeed"/>).
    /// </summary>
    /// <param name="topic">Colon-separated, tenant first where there is one: <c>tnt_…:client:cli_…</c>. At most 200 characters.</param>
    public void Announce(string topic)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(topic.Length, 200);
        (changes ??= []).Add(topic);
    }

    /// <summary>Makes everything done through this transaction durable, then announces the changes. May be called once.</summary>
    public abstract ValueTask CommitAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    private protected IReadOnlyList<string> Changes => changes ?? (IReadOnlyList<string>)[];
}

/// <summary>A unit of work for one tenant: every statement gets <c>@tenant</c>, and PostgreSQL's row-level security repeats the filter.</summary>
public abstract class TenantTransaction : StorageTransaction
{
    public abstract TenantId Tenant { get; }
}

/// <summary>A unit of work that may cross tenants. See <see cref="ISystemDatabase"/>.</summary>
public abstract class SystemTransaction : StorageTransaction
{
    /// <summary>This unit of work narrowed to one tenant, so that tenant stores can take part in it. Commits with its owner.</summary>
    public abstract TenantTransaction For(TenantId tenant);
}
