using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials.Recovering;

/// <summary>What the last message's link stands for.</summary>
/// <param name="SetsPassword">She has none, and needs one to sign in.</param>
public sealed record ReadyRecovery(User User, UserEmail Email, Recovery Recovery, bool SetsPassword);

/// <summary>
/// The end of a recovery: what she has lost is removed, and with it every session, what was given under it, and every trusted browser. It gives no
/// session: she signs in by her first factor, and sets up another second step where one is required.
/// </summary>
public sealed class RecoveryCompletion(OneTimeLinks links, Passwords passwords, Passkeys passkeys, SecondFactors factors, UserDirectory users, RecoveryNotices notices, EventOutbox events, AuditLog audit, TimeProvider clock)
{
    /// <summary>Looks without using anything up: mail scanners follow links.</summary>
    public async ValueTask<ReadyRecovery?> FindAsync(TenantTransaction tx, TenantContext tenant, string? token, CancellationToken ct)
    {
        var now = clock.Now();
        if (!Recoveries.IsOffered(tenant) || await links.FindAsync(tx, LinkPurpose.CompleteRecovery, token, ct) is not { UserId: { } id } link) return null;
        if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active, PrimaryEmail: { Verified: true } email } user) return null;
        if (await RecoveryStore.FindAsync(tx, id, now, ct) is not { } recovery || !recovery.IsReady(now) || recovery.Id.ToString() != link.Payload || recovery.Email != email.Id) return null;
        return new(user, email, recovery, await passwords.ChangedAtAsync(tx, id, ct) is null);
    }

    /// <param name="phc">Her new password, where she sets one.</param>
    /// <returns>False when somebody was faster or something has changed: then the caller must not commit.</returns>
    public async ValueTask<bool> CompleteAsync(TenantTransaction tx, TenantContext tenant, UserId id, string token, string? phc, string locale, RequestFacts request, CancellationToken ct)
    {
        // 1. Her passkeys and she first, as a sign-in and disabling her do it; then everything anew.
        await passkeys.HoldAsync(tx, id, ct);
        if (!await users.HoldActiveAsync(tx, id, ct) || await FindAsync(tx, tenant, token, ct) is not { } ready || ready.User.Id != id || ready.SetsPassword != phc is not null) return false;
        // 2. Once.
        if (await links.RedeemAsync(tx, LinkPurpose.CompleteRecovery, token, ct) is null || !await RecoveryStore.TryCompleteAsync(tx, ready.Recovery.Id, clock.Now(), ct)) return false;
        // 3. What she has lost, and what was begun with it.
        await factors.RemoveAsync(tx, id, ct);
        await passkeys.RemoveAllAsync(tx, id, ct);
        if (phc is not null) await passwords.SetByLinkAsync(tx, id, phc, ct);
        await events.PublishAsync(tx, new AccountRecovered(id), ct);
        // 4. Everybody knows.
        await audit.AppendAsync(tx, Recoveries.Entry("recovery.completed", AuditActor.User(id), id, request, ("recovery", ready.Recovery.Id.ToString()), ("proof", RecoveryStore.Text(ready.Recovery.Proof)),
            ("password", phc is null ? "kept" : "set")), ct);
        await notices.TellEndedAsync(tx, tenant, ready.User, RecoveryNotices.Completed, locale, ct);
        return true;
    }
}
