using System.Globalization;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;

namespace Gatehouse.Users.Deleting;

/// <summary>Deletions to come: made, looked at, called off; in the caller's transaction, with audit entry, event and mail. After a problem the caller does not commit.</summary>
public sealed class Deletions
{
    private readonly UserGuards guards;
    private readonly EventOutbox events;
    private readonly Mailer mailer;
    private readonly AuditLog audit;
    private readonly TimeProvider clock;

    internal Deletions(UserGuards guards, EventOutbox events, Mailer mailer, AuditLog audit, TimeProvider clock) =>
        (this.guards, this.events, this.mailer, this.audit, this.clock) = (guards, events, mailer, audit, clock);

    public ValueTask<ScheduledDeletion?> FindAsync(TenantTransaction tx, UserId user, CancellationToken ct) => DeletionStore.FindAsync(tx, user, ct);

    /// <param name="by">Null: she herself.</param>
    /// <param name="disable">She cannot sign in any more from now on.</param>
    /// <returns>409 <c>deletion_scheduled</c>, <c>last_administrator</c>, <c>last_owner</c>; 412 <c>version_mismatch</c>.</returns>
    public async ValueTask<Result<ScheduledDeletion, Problem>> ScheduleAsync(TenantTransaction tx, TenantContext tenant, User user, DateTimeOffset at, Caller? by, RequestFacts facts, bool disable, bool eraseAudit, CancellationToken ct)
    {
        // Asked now as well as when it is due: what can never be done is better said at once. Locked in the order of whoever disables or deletes: roles, user, this.
        if (await guards.CheckAsync(tx, user.Id, ct) is { } refused) return refused;
        var disables = disable && user.Status == UserStatus.Active;
        if (disables)
        {
            if (!await UserStore.TryUpdateAsync(tx, user with { Status = UserStatus.Disabled }, clock.Now(), ct)) return ETags.Changed;
            await events.PublishAsync(tx, new UserDisabled(user.Id), ct);
        }
        else if (!await UserStore.HoldAsync(tx, user.Id, ct)) return UserProblems.NotFound;
        var wanted = new ScheduledDeletion(user.Id, at, clock.Now(), by, disables, eraseAudit, null);
        if (!await DeletionStore.TryInsertAsync(tx, wanted, ct)) return Problem.Conflict("deletion_scheduled", "This account is to be deleted already. Call that off first.");
        await audit.AppendAsync(tx, new("user.deletion_scheduled", AuditOutcome.Success, by is null ? AuditActor.User(user.Id) : AuditActor.Of(by), "user", user.Id.ToString(), facts,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["disabled"] = disables ? "true" : "false", ["erase_audit"] = eraseAudit ? "true" : "false",
            }), ct);
        await events.PublishAsync(tx, new UserDeletionScheduled(user.Id), ct);
        await TellAsync(tx, tenant, user, "deletion_scheduled", new() { ["time"] = MailTime.Text(at) }, ct);
        return wanted;
    }

    /// <returns>What was called off; null when nothing was to come, or it has begun.</returns>
    public async ValueTask<ScheduledDeletion?> CancelAsync(TenantTransaction tx, TenantContext tenant, UserId user, AuditActor actor, RequestFacts facts, CancellationToken ct)
    {
        if (!await UserStore.HoldAsync(tx, user, ct) || await DeletionStore.TryCancelAsync(tx, user, ct) is not { } cancelled || await UserStore.FindAsync(tx, user, ct) is not { } found) return null;
        if (cancelled.Disabled && found.Status == UserStatus.Disabled)
        {
            if (!await UserStore.TryUpdateAsync(tx, found with { Status = UserStatus.Active }, clock.Now(), ct)) return null;
            await events.PublishAsync(tx, new UserEnabled(user), ct);
        }
        await audit.AppendAsync(tx, new("user.deletion_cancelled", AuditOutcome.Success, actor, "user", user.ToString(), facts), ct);
        await events.PublishAsync(tx, new UserDeletionCancelled(user), ct);
        await TellAsync(tx, tenant, found, "deletion_cancelled", [], ct);
        return cancelled;
    }

    internal async ValueTask TellAsync(TenantTransaction tx, TenantContext tenant, User user, string template, Dictionary<string, string> values, CancellationToken ct)
    {
        if (user.PrimaryEmail is not { } email) return;
        values["link"] = template == "account_removed" ? tenant.Issuer : tenant.Url("/account/privacy");
        await mailer.QueueAsync(tx, tenant, new Mail(email.Address, template, user.Locale ?? tenant.Settings.Locales.Default, values), ct);
    }
}

/// <summary>What other changes of her status mean for a deletion to come: it goes with the account, and who disables or enables her for a reason of her own has the last word on that.</summary>
internal sealed class FollowStatus : IEventSubscriber<UserDeleted>, IEventSubscriber<UserDisabled>, IEventSubscriber<UserEnabled>
{
    public ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct) => DeletionStore.ForgetAsync(tx, occurrence.UserId, ct);
    public ValueTask HandleAsync(TenantTransaction tx, UserDisabled occurrence, CancellationToken ct) => DeletionStore.KeepStatusAsync(tx, occurrence.UserId, ct);
    public ValueTask HandleAsync(TenantTransaction tx, UserEnabled occurrence, CancellationToken ct) => DeletionStore.KeepStatusAsync(tx, occurrence.UserId, ct);
}
