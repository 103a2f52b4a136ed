using System.Data.Common;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Hosting;

/// <summary>One thing that must be true for this process to serve. <paramref name="Problem"/> is null when it is.</summary>
internal sealed record ReadinessCheck(string Name, string? Problem);

/// <summary>Whether this process can do its work now: the database answers, its schema is this program's, the master key opens it.</summary>
internal sealed partial class Readiness(MigrationRunner migrations, MasterKeyCheck masterKey, ILogger<Readiness> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    internal async Task<IReadOnlyList<ReadinessCheck>> CheckAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        MigrationReport plan;
        try
        {
            plan = await migrations.PlanAsync(GatehouseApp.Migrations, patience.Token);
        }
        catch (Exception e) when (e is DbException or MigrationException or System.Net.Sockets.SocketException or TimeoutException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            LogNotReady(log, e);
            return e is MigrationException
                ? [new("database", null), new("migrations", "differ from this program's")]
                : [new("database", "does not answer")];
        }
        List<ReadinessCheck> checks = [new("database", null), new("migrations", plan.Pending.Count == 0 ? null : $"{plan.Pending.Count} pending")];
        try
        {
            await masterKey.VerifyAsync(patience.Token);
            checks.Add(new("master_key", null));
        }
        catch (Exception e) when (e is MasterKeyException or DbException)
        {
            LogNotReady(log, e);
            checks.Add(new("master_key", "missing or not this database's"));
        }
        return checks;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready")]
    private static partial void LogNotReady(ILogger log, Exception e);
}
