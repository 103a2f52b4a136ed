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
        var done = tenant is not { Status: TenantStatus.Active } || !Recoveries.IsOffered(tenant)
            ? await VoidAsync(tx, tenant, recovery, now, ct)
            : await RemindAsync(tx, tenant, recovery, now, ct);
        if (done) await tx.CommitAsync(ct);
    }

    private async ValueTask<bool> VoidAsync(TenantTransaction tx, TenantContext? tenant, Recovery recovery, DateTimeOffset now, CancellationToken ct)
    {
        var reason = tenant is null ? "tenant_deleted" : tenant.Status == TenantStatus.Active ? "turned_off" : "tenant_suspended";
        if (await RecoveryStore.EndAsync(tx, recovery.User, RecoveryEnd.Void, reason, now, ct) is null) return false;
        await audit.AppendAsync(tx, Recoveries.Entry("recovery.voided", AuditActor.System, recovery.User, RequestFacts.None, ("recovery", recovery.Id.ToString()), ("reason", reason)), ct);
        return true;
    }

    private async ValueTask<bool> RemindAsync(TenantTransaction tx, TenantContext tenant, Recovery recovery, DateTimeOffset now, CancellationToken ct)
    {
        // She before the recovery and its links, as completing does it.
        if (!await users.HoldActiveAsync(tx, recovery.User, ct) || await users.FindAsync(tx, recovery.User, ct) is not { } user) return false;
        var isFirst = recovery.Notices == 0;
        if (!await RecoveryStore.TryClaimNoticeAsync(tx, recovery.Id, recovery.Notices, isFirst ? recovery.ReadyAt : null, now, ct)) return false;
        var locale = tenant.Settings.Locales.Default;
        if (!isFirst) await notices.SendLinkAsync(tx, tenant, user, recovery, locale, now, ct);
        await notices.TellAsync(tx, tenant, user, recovery, locale, ct, isFirst ? null : recovery.Email);
        return true;
    }
}
