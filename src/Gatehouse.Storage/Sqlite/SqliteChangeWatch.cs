using Microsoft.Extensions.Hosting;

namespace Gatehouse.Storage.Sqlite;

/// <summary>
/// Notices commits of other processes (the command line beside a running server) twice a second and has the caches forgotten whole:
/// rare, cheap, and it needs no table.
/// </summary>
internal sealed class SqliteChangeWatch(SqliteDatabase database, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = await database.DataVersionAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var version = await database.DataVersionAsync(stoppingToken);
            if (version != seen) database.Feed.PublishLost();
            seen = version;
        }
    }
}
