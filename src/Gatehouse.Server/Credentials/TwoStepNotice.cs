using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>Tells a person by mail what happened to her second step, so that what was not her doing does not stay unseen.</summary>
public static class TwoStepNotice
{
    public const string Added = "second_step_added", Removed = "second_step_removed", RecoveryCodeUsed = "recovery_code_used";

    /// <param name="locale">Used when the user has chosen no language.</param>
    public static async ValueTask QueueAsync(TenantTransaction tx, Mailer mailer, TenantContext tenant, User user, string template, string locale, CancellationToken ct)
    {
        if (user.PrimaryEmail is not { } email) return;
        await mailer.QueueAsync(tx, tenant, new Mail(email.Address, template, user.Locale ?? locale, new Dictionary<string, string> { ["link"] = tenant.Url("/account/two-step") }) { About = user.Id }, ct);
    }
}
