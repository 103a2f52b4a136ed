using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>Tells a person by mail that a passkey of hers came or went, so that what was not her doing does not stay unseen.</summary>
public static class PasskeyNotice
{
    public const string Added = "passkey_added", Removed = "passkey_removed";

    /// <param name="added">Named in the notice's own link, so that whoever reads that it is not hers can have it removed.</param>
    /// <param name="name">What she calls it.</param>
    /// <param name="locale">Used when the user has chosen no language.</param>
    public static ValueTask QueueAddedAsync(TenantTransaction tx, Mailer mailer, TenantContext tenant, User user, PasskeyId added, string name, string locale, CancellationToken ct) =>
        QueueAsync(tx, mailer, tenant, user, Added, name, added, locale, ct);

    /// <param name="name">What she calls it.</param>
    /// <param name="locale">Used when the user has chosen no language.</param>
    public static ValueTask QueueAsync(TenantTransaction tx, Mailer mailer, TenantContext tenant, User user, string template, string name, string locale, CancellationToken ct) =>
        QueueAsync(tx, mailer, tenant, user, template, name, null, locale, ct);

    private static async ValueTask QueueAsync(TenantTransaction tx, Mailer mailer, TenantContext tenant, User user, string template, string name, PasskeyId? subject, string locale, CancellationToken ct)
    {
        if (user.PrimaryEmail is not { } email) return;
        await mailer.QueueAsync(tx, tenant, new Mail(email.Address, template, user.Locale ?? locale,
            new Dictionary<string, string> { ["link"] = tenant.Url("/account/passkeys"), ["name"] = name }) { About = user.Id, Subject = subject?.ToString() }, ct);
    }
}
