using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Users;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Credentials.Recovering;

/// <summary>
/// Reminds of recoveries, once a minute: when half of the delay is over, and when they can be completed. A reminder is claimed by counting it, in the transaction
/// that queues its mail, so that any number of processes send each once.
/// </summary>
internal sealed class RecoveryReminders(ISystemDatabase system, IDatabase database, TenantDirectory tenants, UserDirectory users, RecoveryNotices notices, AuditLog audit, TimeProvider clock, ILogger<RecoveryReminders> log)
    : RepeatingJob(TimeSpan.FromMinutes(1), clock, log)
{
    private const int BatchSize = 100;
    private readonly TimeProvider clock = clock;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        List<(TenantId Tenant, RecoveryId Recovery)> due;
        await using (var read = await system.ReadAsync(ct)) due = await RecoveryStore.ListDueAsync(read, clock.Now(), BatchSize, ct);
        foreach (var (tenant, recovery) in due)
            if (await tenants.FindAsync(tenant, ct) is { } context) await RemindAsync(context, recovery, ct);
    }

    private async Task RemindAsync(TenantContext tenant, RecoveryId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var now = clock.Now();
        if (await RecoveryStore.FindAsync(tx, id, now, ct) is not { } recovery || (recovery.Notices > 0 && recovery.NeedsApproval)) return;
        if (!Recoveries.IsOffered(tenant))
        {
            // Turned off meanwhile: it could not be completed, and would be due for ever.
            if (await RecoveryStore.EndAsync(tx, recovery.User, RecoveryEnd.Void, "turned_off", now, ct) is null) return;
            await audit.AppendAsync(tx, Recoveries.Entry("recovery.voided", AuditActor.System, recovery.User, RequestFacts.None, ("recovery", id.ToString()), ("reason", "turned_off")), ct);
        }
        else
        {
            if (!await RecoveryStore.TryClaimNoticeAsync(tx, id, recovery.Notices, recovery.Notices == 0 ? recovery.ReadyAt : null, now, ct)) return;
            if (await users.FindAsync(tx, recovery.User, ct) is { } user)
            {
                var locale = tenant.Settings.Locales.Default;
                if (recovery.Notices == 0) await notices.TellAsync(tx, tenant, user, recovery, locale, ct);
                else
                {
                    await notices.SendLinkAsync(tx, tenant, user, recovery, locale, now, ct);
                    await notices.TellAsync(tx, tenant, user, recovery, locale, ct, recovery.Email);
                }
            }
        }
        await tx.CommitAsync(ct);
    }
}
