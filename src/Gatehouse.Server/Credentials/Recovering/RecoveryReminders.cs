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
            await RemindAsync(tenant, await tenants.FindAsync(tenant, ct), recovery, ct);
    }

    private async Task RemindAsync(TenantId tenantId, TenantContext? tenant, RecoveryId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenantId, ct);
        var now = clock.Now();
        if (await RecoveryStore.FindAsync(tx, id, now, ct) is not { } recovery || (recovery.Notices > 0 && recovery.NeedsApproval)) return;
        // Nobody could have objected while the tenant's pages were away; and what cannot be completed would be due for ever, and keep others from their turn.
        var over = tenant is null ? "tenant_deleted" : tenant.Status != TenantStatus.Active ? "tenant_suspended" : !Recoveries.IsOffered(tenant) ? "turned_off" : null;
        if (over is not null || tenant is null)
        {
            if (await RecoveryStore.EndAsync(tx, recovery.User, RecoveryEnd.Void, over!, now, ct) is null) return;
            if (tenant is not null) await audit.AppendAsync(tx, Recoveries.Entry("recovery.voided", AuditActor.System, recovery.User, RequestFacts.None, ("recovery", id.ToString()), ("reason", over!)), ct);
        }
        else
        {
            // She before the recovery and its links, as completing does it.
            if (!await users.HoldActiveAsync(tx, recovery.User, ct)) return;
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
