using System.Data.Common;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Users.Deleting;

/// <summary>
/// Deletes the accounts whose time has come. Taking the row and deleting the account is one transaction, so that it happens once, in whichever process, or
/// not at all; a refusal (the last administrator, somebody who has become stronger than who asked) is written down and tried again in an hour.
/// </summary>
internal sealed partial class DeletionWorker(ISystemDatabase system, IDatabase database, TenantDirectory tenants, UserGuards guards, UserRemoval removal, Deletions deletions, ICallerGuard guard, IJobAuthority authority,
    AuditErasure erasure, AuditLog audit, TimeProvider clock, ILogger<DeletionWorker> log) : RepeatingJob(TimeSpan.FromSeconds(30), clock, log)
{
    private const int PerTenant = 50;
    private static readonly TimeSpan pause = TimeSpan.FromHours(1);
    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        List<TenantId> due;
        await using (var read = await system.ReadAsync(ct)) due = await DeletionStore.ListTenantsAsync(read, clock.Now(), ct);
        foreach (var id in due)
        {
            if (await tenants.FindAsync(id, ct) is { Status: TenantStatus.Active } tenant) await RunAsync(tenant, ct);
            else
            {
                // A suspended tenant's wait, and do not stand before others'.
                await using var tx = await database.BeginAsync(id, ct);
                await DeletionStore.PostponeAsync(tx, clock.Now(), clock.Now() + pause, ct);
                await tx.CommitAsync(ct);
            }
        }
    }

    private async Task RunAsync(TenantContext tenant, CancellationToken ct)
    {
        List<(UserId User, bool Gone)> due;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) due = await DeletionStore.ListDueAsync(read, clock.Now(), PerTenant, ct);
        foreach (var (user, gone) in due)
        {
            try
            {
                var erase = gone;
                var problem = gone ? null : await DeleteAsync(tenant, user, found => erase = found.EraseAudit, ct);
                if (problem is null && erase) problem = await EraseAsync(tenant, user, ct);
                if (problem is not null) await RefuseAsync(tenant, user, problem, ct);
            }
            catch (DbException e)
            {
                // One that cannot be written must not keep the others: the next turn tries again.
                LogFailed(log, tenant.Id, user, e);
            }
        }
    }

    private async Task<Problem?> DeleteAsync(TenantContext tenant, UserId userId, Action<ScheduledDeletion> taken, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // What locks comes first, in the order of whoever disables or deletes: roles, user, the row.
        if (await guards.CheckAsync(tx, userId, ct) is { } kept) return kept;
        await UserStore.HoldAsync(tx, userId, ct);
        // Another process has it, or it was called off.
        if (await DeletionStore.TryTakeAsync(tx, userId, clock.Now(), ct) is not { Gone: false } deletion) return null;
        if (await UserStore.FindAsync(tx, userId, ct) is not { } user)
        {
            // Deleted by an older program that knows nothing of this.
            await tx.CommitAsync(ct);
            return null;
        }
        // Who asked may have lost what it took, or she may have gained what it does not reach. Nobody's rights reach only whom anybody may delete: who holds nothing.
        if (deletion.RequestedBy is { } by && await guard.MayChangeAsync(tx, userId, await authority.FindAsync(by, tenant.Id, null, Scopes.UsersWrite, ct) ?? new Caller(tenant.Id, by.Kind, ""), ct) is { } escalation) return escalation;
        // What the audit tells of somebody is not forgotten for who may not ask for that any more: it may be her own trail.
        if (deletion is { EraseAudit: true, RequestedBy: { } eraser } && await authority.FindAsync(eraser, tenant.Id, null, Scopes.AuditWrite, ct) is null) return ScheduleDeletion.MayNotErase;
        await deletions.TellAsync(tx, tenant, user, "account_removed", [], ct);
        if (await removal.RemoveAsync(tx, userId, AuditActor.System, RequestFacts.None, new Dictionary<string, string>(StringComparer.Ordinal) { ["scheduled_by"] = deletion.RequestedBy?.Id ?? userId.ToString() }, ct) is { } refused) return refused;
        if (deletion.EraseAudit) await DeletionStore.TryInsertAsync(tx, deletion with { At = clock.Now(), Disabled = false, Gone = true }, ct);
        await tx.CommitAsync(ct);
        taken(deletion);
        return null;
    }

    /// <summary>A step of its own: the audit entry of the deletion must be in the chain first. Whoever claims it does it; where that process dies, another an hour later.</summary>
    private async Task<Problem?> EraseAsync(TenantContext tenant, UserId user, CancellationToken ct)
    {
        await using (var claim = await database.BeginAsync(tenant.Id, ct))
        {
            if (!await DeletionStore.TryClaimAsync(claim, user, clock.Now(), clock.Now() + pause, ct)) return null;
            await claim.CommitAsync(ct);
        }
        if (!(await erasure.EraseAsync(tenant.Id, user, AuditActor.System, RequestFacts.None, ct)).TryGet(out _, out var held)) return held;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await DeletionStore.FinishAsync(tx, user, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    private async Task RefuseAsync(TenantContext tenant, UserId user, Problem problem, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var before = (await DeletionStore.FindAsync(tx, user, ct))?.Refused;
        if (!await DeletionStore.TryRefuseAsync(tx, user, problem.Code, clock.Now(), clock.Now() + pause, ct)) return;
        if (before != problem.Code)
            await audit.AppendAsync(tx, new("user.deletion_refused", AuditOutcome.Denied, AuditActor.System, "user", user.ToString(), RequestFacts.None, new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = problem.Code }), ct);
        await tx.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deleting user {User} of tenant {Tenant} failed and will be tried again.")]
    private static partial void LogFailed(ILogger log, TenantId tenant, UserId user, Exception error);
}
