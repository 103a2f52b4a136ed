using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Http;

/// <summary>Forgets keys that have had their day: every ten minutes, at most a thousand of each of a hundred tenants.</summary>
internal sealed class IdempotencyPruning(ISystemDatabase database, TimeProvider clock, ILogger<IdempotencyPruning> log)
    : RepeatingJob(TimeSpan.FromMinutes(10), clock, log, atStart: false)
{
    private readonly TimeProvider clock = clock;

    protected override async Task RunOnceAsync(CancellationToken ct) => await RunAsync(ct);

    internal async ValueTask<int> RunAsync(CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(ct);
        var forgotten = await IdempotencyStore.PruneAsync(tx, clock.Now() - Idempotency.Retention, ct);
        await tx.CommitAsync(ct);
        return forgotten;
    }
}
