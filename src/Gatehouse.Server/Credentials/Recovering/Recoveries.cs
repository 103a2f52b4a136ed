using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials.Recovering;

/// <summary>What became of asking for a recovery.</summary>
public enum RecoveryAnswer { Sent, UnderWay, TooMany, NoMailbox, Gone }

/// <summary>What the link of the first message stands for.</summary>
public sealed record RecoveryRequest(User User, UserEmail Email, RecoveryProof Proof);

/// <summary>
/// The way back in for who has lost every second step, or her passkeys and has no password: asked for after another proof, confirmed from her mailbox, then a
/// delay in which all of her addresses know and any of them can end it, then completed from the mailbox. Never by the mailbox alone: where nothing
/// else was proved, an administrator says yes. <see cref="RecoveryCompletion"/> is its end; whatever changes meanwhile (<see cref="EndRecovery"/>) voids it.
/// Changes hold the user before links and the recovery, as disabling her does.
/// </summary>
public sealed class Recoveries(OneTimeLinks links, Passwords passwords, Passkeys passkeys, UserDirectory users, RecoveryNotices notices, RateLimit limits, Mailer mailer, AuditLog audit, TimeProvider clock)
{
    /// <summary>How long it may be completed once it is ready.</summary>
    public static readonly TimeSpan CompletionTime = TimeSpan.FromDays(7);

    /// <summary>How long the first message's link works.</summary>
    public static readonly TimeSpan ConfirmTime = TimeSpan.FromMinutes(60);

    private const int RequestsPerDay = 3;

    public static bool IsOffered(TenantContext tenant) => tenant.Settings.SignIn.RecoveryDelayHours > 0;

    private static TimeSpan Delay(TenantContext tenant) => TimeSpan.FromHours(tenant.Settings.SignIn.RecoveryDelayHours);

    /// <summary>The one under way, if any.</summary>
    public ValueTask<Recovery?> FindAsync(TenantTransaction tx, UserId user, CancellationToken ct) => RecoveryStore.FindAsync(tx, user, clock.Now(), ct);

    /// <summary>Whether a link to her mailbox must not set a password: she signs in by passkeys alone, and the mailbox would be enough from then on.</summary>
    public async ValueTask<bool> ReplacesResetAsync(TenantTransaction tx, TenantContext tenant, UserId user, CancellationToken ct) =>
        IsOffered(tenant) && await passwords.ChangedAtAsync(tx, user, ct) is null && (await passkeys.ListAsync(tx, user, ct)).Count > 0;

    /// <summary>Whether her password is a proof beside the mailbox: not one that was set while the recovery would have been under way, nor one that came by the mailbox.</summary>
    public ValueTask<bool> IsProofAsync(TenantTransaction tx, TenantContext tenant, UserId user, CancellationToken ct) => passwords.HasOwnAsync(tx, user, Delay(tenant), ct);

    /// <summary>Mails the link that begins it to her primary address, and nowhere else. The caller has checked the proof, and commits only after <see cref="RecoveryAnswer.Sent"/>.</summary>
    public async ValueTask<RecoveryAnswer> RequestAsync(TenantTransaction tx, TenantContext tenant, UserId id, RecoveryProof proof, string locale, RequestFacts request, CancellationToken ct)
    {
        if (!IsOffered(tenant) || !await users.HoldActiveAsync(tx, id, ct) || await users.FindAsync(tx, id, ct) is not { } user) return RecoveryAnswer.Gone;
        if (user.PrimaryEmail is not { Verified: true } email) return RecoveryAnswer.NoMailbox;
        if (await FindAsync(tx, id, ct) is not null) return RecoveryAnswer.UnderWay;
        if (!await limits.TryTakeAsync(tx, "recovery.user", id.ToString(), RequestsPerDay, TimeSpan.FromDays(1), ct)) return RecoveryAnswer.TooMany;
        var token = await links.IssueAsync(tx, LinkPurpose.StartRecovery, id, email.Id, RecoveryStore.Text(proof), ConfirmTime, ct);
        // Links sent before stay good: who knows her password only must not void hers by asking for another.
        if (!await mailer.QueueAsync(tx, tenant, RecoveryNotices.Confirm(tenant, user, email, token, locale), ct)) return RecoveryAnswer.TooMany;
        await audit.AppendAsync(tx, Entry("recovery.requested", AuditActor.User(id), id, request, ("proof", RecoveryStore.Text(proof))), ct);
        return RecoveryAnswer.Sent;
    }

    /// <summary>Looks at the first message's link without using it up: mail scanners follow links.</summary>
    public async ValueTask<RecoveryRequest?> FindRequestAsync(TenantTransaction tx, TenantContext tenant, string? token, CancellationToken ct)
    {
        if (!IsOffered(tenant) || await links.FindAsync(tx, LinkPurpose.StartRecovery, token, ct) is not { UserId: { } id } link) return null;
        if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active, PrimaryEmail: { Verified: true } email } user || email.Id != link.EmailId) return null;
        return await FindAsync(tx, id, ct) is null ? new(user, email, RecoveryStore.ProofOf(link.Payload)) : null;
    }

    /// <summary>Begins it: from now on her addresses know. The caller commits.</summary>
    /// <returns>Null when the link was used, or no longer holds, or another recovery is under way: then the caller must not commit.</returns>
    public async ValueTask<Recovery?> StartAsync(TenantTransaction tx, TenantContext tenant, RecoveryRequest found, string token, string locale, RequestFacts request, CancellationToken ct)
    {
        var id = found.User.Id;
        if (!await users.HoldActiveAsync(tx, id, ct) || await FindRequestAsync(tx, tenant, token, ct) is not var (user, email, proof)) return null;
        if (await links.RedeemAsync(tx, LinkPurpose.StartRecovery, token, ct) is null) return null;
        await links.VoidOthersAsync(tx, LinkPurpose.StartRecovery, id, token, ct);
        var (now, delay) = (clock.Now(), Delay(tenant));
        var recovery = new Recovery(RecoveryId.New(clock), id, email.Id, proof, proof == RecoveryProof.None, null, null, now, now + delay, now + delay + CompletionTime, 0);
        if (!await RecoveryStore.TryInsertAsync(tx, recovery, now + delay / 2, ct)) return null;
        await notices.TellAsync(tx, tenant, user, recovery, locale, ct);
        await notices.TextAsync(tx, tenant, user, locale, ct);
        await audit.AppendAsync(tx, Entry("recovery.started", AuditActor.User(id), id, request, ("recovery", recovery.Id.ToString()), ("proof", RecoveryStore.Text(proof))), ct);
        return recovery;
    }

    /// <summary>Sends the link that completes it once more: the message of its time may be lost. The caller commits.</summary>
    /// <returns>False when it is not ready, or her address has had its share of mail.</returns>
    public async ValueTask<bool> ResendAsync(TenantTransaction tx, TenantContext tenant, UserId id, string locale, CancellationToken ct) =>
        await users.HoldActiveAsync(tx, id, ct) && await users.FindAsync(tx, id, ct) is { } user && await FindAsync(tx, id, ct) is { } recovery && recovery.IsReady(clock.Now())
        && await limits.TryTakeAsync(tx, "recovery.resend", id.ToString(), RequestsPerDay, TimeSpan.FromDays(1), ct)
        && await notices.SendLinkAsync(tx, tenant, user, recovery, locale, clock.Now(), ct);

    /// <summary>Whose recovery a notice's link ends; null when there is nothing to be ended by it.</summary>
    public async ValueTask<User?> FindCancelAsync(TenantTransaction tx, string? token, CancellationToken ct) =>
        await links.FindAsync(tx, LinkPurpose.CancelRecovery, token, ct) is { UserId: { } id } link && await FindAsync(tx, id, ct) is { } recovery && recovery.Id.ToString() == link.Payload
            ? await users.FindAsync(tx, id, ct) : null;

    /// <summary>Ends it. The caller commits.</summary>
    /// <param name="reason">For the audit: <c>link</c>, <c>account</c>, <c>administrator</c>, <c>signed_in</c>.</param>
    /// <returns>False when none was under way, or somebody was faster.</returns>
    public async ValueTask<bool> CancelAsync(TenantTransaction tx, TenantContext tenant, UserId id, AuditActor by, string reason, string locale, RequestFacts request, CancellationToken ct)
    {
        if (await RecoveryStore.EndAsync(tx, id, RecoveryEnd.Cancelled, reason, clock.Now(), ct) is not { } ended) return false;
        await audit.AppendAsync(tx, Entry("recovery.cancelled", by, id, request, ("recovery", ended.ToString()), ("reason", reason)), ct);
        if (await users.FindAsync(tx, id, ct) is { } user) await notices.TellEndedAsync(tx, tenant, user, RecoveryNotices.Cancelled, locale, ct);
        return true;
    }

    internal static AuditEntry Entry(string action, AuditActor by, UserId user, RequestFacts request, params (string Name, string Value)[] details) =>
        new(action, AuditOutcome.Success, by, "user", user.ToString(), request, details.ToDictionary(d => d.Name, d => d.Value, StringComparer.Ordinal));
}
