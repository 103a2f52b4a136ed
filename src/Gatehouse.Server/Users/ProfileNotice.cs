using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>Tells a person by mail that what is said of her has changed, unless she does without.</summary>
public static class ProfileNotice
{
    /// <param name="user">As she was before, or is.</param>
    public static async ValueTask QueueAsync(TenantTransaction tx, Mailer mailer, TenantContext tenant, User user, string? locale, CancellationToken ct)
    {
        if (user.PrimaryEmail is not { } email || !await UserNotices.WantsAsync(tx, user.Id, UserNotices.ProfileChanged, ct)) return;
        await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "profile_changed", user.Locale ?? locale ?? tenant.Settings.Locales.Default,
            new Dictionary<string, string> { ["link"] = tenant.Url("/account/profile") }), ct);
    }
}
