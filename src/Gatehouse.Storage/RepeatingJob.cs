using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Storage;

/// <summary>
/// Work in the background that comes round: at start unless <paramref name="atStart"/> says otherwise, then every interval by the clock.
/// Each turn is bounded by its own job. A turn that fails because the database is away is logged and tried again at the next; anything
/// else is a bug and stops the process.
/// </summary>
public abstract partial class RepeatingJob(TimeSpan interval, TimeProvider clock, ILogger log, bool atStart = true) : BackgroundService
{
    /// <summary>One bounded turn. Safe to run in several processes at once.</summary>
    protected abstract Task RunOnceAsync(CancellationToken ct);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Host start-up waits for whatever runs before the first real await.
        await Task.Yield();
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            if (atStart) await TryOnceAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryOnceAsync(stoppingToken);
        }
        catch (Exception e) when (stoppingToken.IsCancellationRequested && (e is OperationCanceledException or ObjectDisposedException))
        {
            // Told to stop. Thrown on, it would be reported as this job's fault when what stops the process is that its start failed.
        }
    }

    private async Task TryOnceAsync(CancellationToken ct)
    {
        try
        {
            await RunOnceAsync(ct);
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            LogFailed(log, GetType().Name, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} could not finish its turn and will try again.")]
    private static partial void LogFailed(ILogger log, string job, Exception error);
}
