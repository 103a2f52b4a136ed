using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Storage.Postgres;

/// <summary>
/// Hears what other processes announce (LISTEN gatehouse). While the connection is down nothing is known, so every cache is dropped when
/// it breaks, again on each failed attempt, and once more when it is back.
/// </summary>
internal sealed partial class PostgresChangeListener(PostgresDatabase database, TimeProvider clock, ILogger<PostgresChangeListener> log) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                LogLost(log, e.Message);
            }
            database.Feed.PublishLost();
            await Task.Delay(RetryAfter, clock, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        connection.Notification += (_, change) => database.Feed.Publish(change.Payload);
        await using (var listen = new NpgsqlCommand("LISTEN gatehouse", connection)) await listen.ExecuteNonQueryAsync(ct);
        database.Feed.PublishLost();
        while (true)
        {
            // A silent peer is not a living one: every quarter minute without news, ask.
            if (!await connection.WaitAsync(TimeSpan.FromSeconds(15), ct))
            {
                await using var ping = new NpgsqlCommand("SELECT 1", connection);
                await ping.ExecuteNonQueryAsync(ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the change feed; caches are dropped until it is back: {Reason}")]
    private static partial void LogLost(ILogger log, string reason);
}
