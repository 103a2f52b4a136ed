using System.Globalization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials.Recovering;

/// <summary>
/// Tells a person of a recovery of her account, at every address that she has verified: a stranger who reads one of them must not be able to recover it
/// unseen. Each notice has a link of its own by which its reader ends the recovery.
/// </summary>
public sealed class RecoveryNotices(OneTimeLinks links, Mailer mailer, Texter texter)
{
    internal const string Cancelled = "recovery_cancelled", Completed = "recovery_completed";

    /// <summary>Where the links lead.</summary>
    public const string ConfirmPath = "/signin/recover/confirm", CancelPath = "/signin/recover/cancel", CompletePath = "/signin/recover/complete";

    internal static Mail Confirm(TenantContext tenant, User user, UserEmail email, string token, string locale) =>
        new(email.Address, "recovery_confirm", user.Locale ?? locale, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["link"] = tenant.Url($"{ConfirmPath}?token={token}"),
            ["minutes"] = ((int)Recoveries.ConfirmTime.TotalMinutes).ToString(CultureInfo.InvariantCulture),
        }, Lifetime: Recoveries.ConfirmTime);

    /// <summary>That it is under way, and from when it can be completed.</summary>
    /// <param name="but">An address that is sent something else.</param>
    internal async ValueTask TellAsync(TenantTransaction tx, TenantContext tenant, User user, Recovery recovery, string locale, CancellationToken ct, EmailId? but = null)
    {
        foreach (var email in user.Emails.Where(e => e.Verified && e.Id != but))
            await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "recovery_pending", user.Locale ?? locale, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["link"] = await CancelLinkAsync(tx, tenant, recovery, email, ct),
                ["time"] = MailTime.Text(recovery.ReadyAt),
            }), ct);
    }

    /// <summary>A word to her telephones, of what her mail says more of. No link: those in text messages are not to be trusted. Counted to no
    /// network: whoever recovers must not be able to use up the share of his own, and with it the word to her.</summary>
    internal async ValueTask TextAsync(TenantTransaction tx, TenantContext tenant, User user, string locale, CancellationToken ct)
    {
        foreach (var phone in user.Phones.Where(p => p.Verified))
            if (PhoneNumber.Parse(phone.Number) is { } number)
                await texter.QueueAsync(tx, tenant, new Sms(number, "recovery_started", user.Locale ?? locale, "", TimeSpan.FromHours(12), $"recovery:{user.Id}") { Proved = true }, ct);
    }

    /// <summary>The link that completes it, to the address that it began with, in place of older ones.</summary>
    internal async ValueTask<bool> SendLinkAsync(TenantTransaction tx, TenantContext tenant, User user, Recovery recovery, string locale, DateTimeOffset now, CancellationToken ct)
    {
        if (user.PrimaryEmail is not { Verified: true } email || email.Id != recovery.Email) return false;
        var token = await links.IssueAsync(tx, LinkPurpose.CompleteRecovery, user.Id, email.Id, recovery.Id.ToString(), recovery.ExpiresAt - now, ct);
        await links.VoidOthersAsync(tx, LinkPurpose.CompleteRecovery, user.Id, token, ct);
        return await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "recovery_ready", user.Locale ?? locale, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["link"] = tenant.Url($"{CompletePath}?token={token}"),
            ["cancel"] = await CancelLinkAsync(tx, tenant, recovery, email, ct),
            ["time"] = MailTime.Text(recovery.ExpiresAt),
        }, Lifetime: recovery.ExpiresAt - now), ct);
    }

    internal async ValueTask TellEndedAsync(TenantTransaction tx, TenantContext tenant, User user, string template, string locale, CancellationToken ct)
    {
        foreach (var email in user.Emails.Where(e => e.Verified))
            await mailer.QueueAsync(tx, tenant, new Mail(email.Address, template, user.Locale ?? locale,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = tenant.Url(template == Completed ? "/account/two-step" : "/signin/forgot") }) { About = user.Id }, ct);
    }

    private async ValueTask<string> CancelLinkAsync(TenantTransaction tx, TenantContext tenant, Recovery recovery, UserEmail email, CancellationToken ct) =>
        // As long as it could take: an administrator's late yes gives it more time.
        tenant.Url($"{CancelPath}?token={await links.IssueAsync(tx, LinkPurpose.CancelRecovery, recovery.User, email.Id, recovery.Id.ToString(), recovery.ExpiresAt + Recoveries.CompletionTime - recovery.StartedAt, ct)}");
}
