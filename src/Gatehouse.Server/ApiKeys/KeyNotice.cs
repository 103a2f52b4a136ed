using Gatehouse.Authorization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.ApiKeys;

/// <summary>
/// Tells a person by mail that a key of hers was made, by whomever: it outlives every session. The words name it and show how it begins, never the secret. Made by herself, she can say that it
/// was not her, which revokes it; of an administrator's, she asks there.
/// </summary>
internal static class KeyNotice
{
    internal static async ValueTask QueueAsync(TenantTransaction tx, UserDirectory users, Mailer mailer, TenantContext tenant, ApiKey key, CancellationToken ct)
    {
        if (key.Owner.Kind != KeyOwnerKind.User || await users.FindAsync(tx, new UserId(key.Owner.Id), ct) is not { PrimaryEmail: { } email } user) return;
        var template = key.CreatedBy == key.Owner.IdText ? "api_key_created" : "api_key_created_for_you";
        await mailer.QueueAsync(tx, tenant, new Mail(email.Address, template, user.Locale ?? tenant.Settings.Locales.Default,
            new Dictionary<string, string> { ["link"] = tenant.Url("/account/activity"), ["name"] = key.Name, ["prefix"] = key.Prefix }) { About = user.Id }, ct);
    }
}
