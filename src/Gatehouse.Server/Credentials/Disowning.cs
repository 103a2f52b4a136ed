using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>A notice whose reader says that it was not her.</summary>
/// <param name="Notice">The mail's template.</param>
/// <param name="Email">The address it was sent to, if it is hers still.</param>
/// <param name="Passkey">The passkey it told of, where it told of a new one.</param>
/// <param name="HadPassword">She had a password, which has stopped working.</param>
public sealed record DisownedNotice(User User, string Notice, UserEmail? Email, PasskeyId? Passkey, bool HadPassword = false);

/// <summary>
/// "This was not me": what a link in a notice undoes. It works once, for a week, and only whoever reads the mailbox has it. It takes nothing
/// from her that she could not set right from the same mailbox at once, so that it is no way to shut her out; and it gives nothing: who holds it
/// gets no session, and a password only by a further link to the same mailbox.
/// </summary>
public sealed class Disowning(OneTimeLinks links, Passwords passwords, Passkeys passkeys, UserDirectory users, EventOutbox events) : IDisownLinks
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public async ValueTask<string> IssueAsync(TenantTransaction tx, TenantContext tenant, UserId about, Mail notice, CancellationToken ct)
    {
        var token = await links.IssueAsync(tx, LinkPurpose.Disown, about, null, $"{notice.Template}\n{notice.To}\n{notice.Subject}", Lifetime, ct);
        return tenant.Url($"/signin/not-me?token={token}");
    }

    /// <summary>Looks without doing anything: mail scanners follow links.</summary>
    public async ValueTask<DisownedNotice?> FindAsync(TenantTransaction tx, string token, CancellationToken ct) =>
        await ReadAsync(tx, await links.FindAsync(tx, LinkPurpose.Disown, token, ct), ct);

    /// <summary>
    /// Uses the link up. Every session ends with what was given under it, sign-ins under way lose what they proved, links to reset the password are
    /// void, no device is known or trusted any more, and a passkey that the notice told of is gone. The password stops working too, if the
    /// notice's address is still hers: the caller sends the link to choose another there. The last passkey of who has no password stays where accounts are
    /// recovered: the mailbox alone would be enough from then on.
    /// </summary>
    /// <returns>Null when it had been used or is old: then the caller must not commit.</returns>
    public async ValueTask<DisownedNotice?> DisownAsync(TenantTransaction tx, TenantContext tenant, string token, CancellationToken ct)
    {
        if (await ReadAsync(tx, await links.RedeemAsync(tx, LinkPurpose.Disown, token, ct), ct) is not { } notice) return null;
        var user = notice.User.Id;
        // The locks of a sign-in, in its order: the session that one is about to begin comes before, and ends; or after, and its proof is void.
        var had = await passwords.ChangedAtAsync(tx, user, ct);
        if (had is { } set) await passwords.HoldAsync(tx, user, set, ct);
        await passkeys.HoldAsync(tx, user, ct);
        if (!await users.HoldActiveAsync(tx, user, ct)) return null;
        await events.PublishAsync(tx, new AccountDisowned(user), ct);
        if (notice.Email is not null) await passwords.VoidAsync(tx, user, ct);
        await OneTimeLinkStore.DeleteAsync(tx, user, LinkPurpose.ResetPassword, ct);
        // Also those that went to an address a stranger had added: once she has set things right, he must not sign her out by his.
        await OneTimeLinkStore.DeleteAsync(tx, user, LinkPurpose.Disown, ct);
        await passwords.ForgetDevicesAsync(tx, user, ct);
        var removed = notice.Passkey is { } passkey && (had is not null || !Recovering.Recoveries.IsOffered(tenant) || (await passkeys.ListAsync(tx, user, ct)).Any(p => p.Id != passkey))
            && await passkeys.RemoveAsync(tx, passkey, user, ct) is not null;
        return notice with { Passkey = removed ? notice.Passkey : null, HadPassword = had is not null };
    }

    private async ValueTask<DisownedNotice?> ReadAsync(TenantTransaction tx, OneTimeLink? link, CancellationToken ct)
    {
        if (link is not { UserId: { } id } || link.Payload.Split('\n') is not [var notice, var to, var subject]) return null;
        if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active } user) return null;
        return new(user, notice, user.Emails.FirstOrDefault(e => string.Equals(e.Address, to, StringComparison.Ordinal)), PasskeyId.TryParse(subject, out var passkey) ? passkey : null);
    }
}
