using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>Forgets mail an hour after it was done with, and the counts of hours that are over. Every five minutes, bounded.</summary>
internal sealed class MailPruning(ISystemDatabase system, IDatabase database, TimeProvider clock, ILogger<MailPruning> log)
    : RepeatingJob(TimeSpan.FromMinutes(5), clock, log)
{
    private readonly TimeProvider clock = clock;

    protected override Task RunOnceAsync(CancellationToken ct) => PruneAsync(ct);

    internal async Task PruneAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var before = now - Mailbox.Lifetime;
        // The hour before the present one is still kept: processes' clocks differ a little.
        var hour = now.ToUnixTimeSeconds() / 3600 - 1;
        List<TenantId> mails, quotas;
        await using (var tx = await system.ReadAsync(ct))
        {
            mails = await MailStore.ListTenantsWithOldMailsAsync(tx, before, ct);
            quotas = await MailStore.ListTenantsWithOldQuotasAsync(tx, hour, ct);
        }
        foreach (var tenant in mails) await DeleteAsync(tenant, tx => MailStore.DeleteOldAsync(tx, before, ct), ct);
        foreach (var tenant in quotas) await DeleteAsync(tenant, tx => MailStore.DeleteOldQuotasAsync(tx, hour, ct), ct);
    }

    private async Task DeleteAsync(TenantId tenant, Func<TenantTransaction, ValueTask<int>> delete, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        await delete(tx);
        await tx.CommitAsync(ct);
    }
}
