using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Storage;

/// <summary>
/// Rows that have had their day, said by the room that owns the table; one job deletes them for all. Both statements get <c>@cutoff</c>:
/// now less <paramref name="KeptFor"/>.
/// </summary>
/// <param name="FindTenants">Across tenants, on an index that begins with the time: whose rows have expired. Bounded.</param>
/// <param name="Delete">In one tenant, bounded; repeated while it finds any.</param>
public sealed record ExpiredRows(string Table, string FindTenants, string Delete, TimeSpan KeptFor);

/// <summary>Every five minutes, each expired table of each tenant that has such rows: in short transactions, so that nobody waits long behind one.</summary>
public sealed class Pruning(ISystemDatabase system, IDatabase database, IEnumerable<ExpiredRows> tables, TimeProvider clock, ILogger<Pruning> log)
    : RepeatingJob(TimeSpan.FromMinutes(5), clock, log, atStart: false)
{
    // More of one tenant's rows than anybody can make in five minutes; the rest waits for the next turn.
    private const int MaxBatches = 200;
    private readonly TimeProvider clock = clock;

    protected override async Task RunOnceAsync(CancellationToken ct) => await RunAsync(ct);

    /// <returns>How many rows were deleted.</returns>
    public async ValueTask<int> RunAsync(CancellationToken ct)
    {
        var deleted = 0;
        foreach (var table in tables)
        {
            var cutoff = clock.Now() - table.KeptFor;
            List<TenantId> owners;
            await using (var read = await system.ReadAsync(ct)) owners = await read.ListAsync(table.FindTenants, [("cutoff", cutoff)], row => row.Id<TenantId>(0), ct);
            foreach (var owner in owners)
                for (int batch = 0, found = 1; batch < MaxBatches && found > 0; batch++) deleted += found = await DeleteAsync(table, owner, cutoff, ct);
        }
        return deleted;
    }

    private async ValueTask<int> DeleteAsync(ExpiredRows table, TenantId owner, DateTimeOffset cutoff, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(owner, ct);
        var deleted = await tx.ExecuteAsync(table.Delete, [("cutoff", cutoff)], ct);
        await tx.CommitAsync(ct);
        return deleted;
    }
}
