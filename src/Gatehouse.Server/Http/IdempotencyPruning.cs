using System.Data.Common;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Http;

/// <summary>Forgets keys that have had their day: every ten minutes, at most a thousand of each of a hundred tenants.</summary>
internal sealed partial class IdempotencyPruning(ISystemDatabase database, TimeProvider clock, ILogger<IdempotencyPruning> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await RunAsync(stoppingToken); }
            catch (DbException e) { LogFailed(e); }     // the database is away; the next turn tries again
        }
    }

    internal async ValueTask<int> RunAsync(CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(ct);
        var forgotten = await IdempotencyStore.PruneAsync(tx, clock.Now() - Idempotency.Retention, ct);
        await tx.CommitAsync(ct);
        return forgotten;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old idempotency keys could not be forgotten; the next turn tries again")]
    private partial void LogFailed(Exception e);
}
