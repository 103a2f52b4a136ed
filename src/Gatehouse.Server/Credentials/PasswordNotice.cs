using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>Tells a person by mail that she has another password, so that what was not her doing does not stay unseen.</summary>
public static class PasswordNotice
{
    /// <param name="locale">Used when the user has chosen no language.</param>
    public static async ValueTask QueueAsync(TenantTransaction tx, Mailer mailer, TenantContext tenant, User user, UserEmail? email, string locale, CancellationToken ct)
    {
        if (email is null) return;
        await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "password_changed", user.Locale ?? locale,
            new Dictionary<string, string> { ["link"] = tenant.Url("/signin/forgot") }) { About = user.Id }, ct);
    }
}
