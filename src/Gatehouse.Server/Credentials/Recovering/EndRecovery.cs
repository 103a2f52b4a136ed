using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials.Recovering;

/// <summary>A recovery stands on what was so when it began: in the transaction that changes it, the recovery is void, and so is a link that would have begun one
/// (but another address: that link is looked at against her address when it is used).</summary>
internal sealed class EndRecovery(UserDirectory users, AuditLog audit, TimeProvider clock) :
    IEventSubscriber<PasswordChanged>, IEventSubscriber<AccountDisowned>, IEventSubscriber<UserUpdated>, IEventSubscriber<UserDisabled>, IEventSubscriber<UserDeleted>
{
    public ValueTask HandleAsync(TenantTransaction tx, PasswordChanged occurrence, CancellationToken ct) => VoidAsync(tx, occurrence.UserId, "password_changed", ct);

    public ValueTask HandleAsync(TenantTransaction tx, AccountDisowned occurrence, CancellationToken ct) => VoidAsync(tx, occurrence.UserId, "disowned", ct);

    public ValueTask HandleAsync(TenantTransaction tx, UserDisabled occurrence, CancellationToken ct) => VoidAsync(tx, occurrence.UserId, "user_disabled", ct);

    /// <summary>Another primary address, be it for a moment only.</summary>
    public async ValueTask HandleAsync(TenantTransaction tx, UserUpdated occurrence, CancellationToken ct)
    {
        if (await RecoveryStore.FindAsync(tx, occurrence.UserId, clock.Now(), ct) is not { } recovery) return;
        if (await users.FindAsync(tx, occurrence.UserId, ct) is { PrimaryEmail: { Verified: true } email } && email.Id == recovery.Email) return;
        await VoidAsync(tx, occurrence.UserId, "address_changed", ct);
    }

    public ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct) => RecoveryStore.DeleteAsync(tx, occurrence.UserId, ct);

    private async ValueTask VoidAsync(TenantTransaction tx, UserId user, string reason, CancellationToken ct)
    {
        // The link first: who is beginning a recovery by it comes before, and the recovery is there to be ended; or after, and has no link.
        await OneTimeLinkStore.DeleteAsync(tx, user, LinkPurpose.StartRecovery, ct);
        if (await RecoveryStore.EndAsync(tx, user, RecoveryEnd.Void, reason, clock.Now(), ct) is { } ended)
            await audit.AppendAsync(tx, Recoveries.Entry("recovery.voided", AuditActor.System, user, RequestFacts.None, ("recovery", ended.ToString()), ("reason", reason)), ct);
    }
}
