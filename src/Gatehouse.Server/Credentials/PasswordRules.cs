using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>All that stands between a new password and being stored: the tenant's policy, lists of breached ones, the user's own last ones. Cheapest first.</summary>
internal sealed class PasswordRules(PasswordPolicy policy, BreachCheck breaches, PasswordHistory history)
{
    internal Problem? CheckPolicy(TenantContext tenant, string password, string? email) => policy.Check(tenant, password, email);

    /// <param name="user">Whose last passwords it must not be; null where they do not matter.</param>
    internal async ValueTask<Problem?> CheckAsync(TenantContext tenant, UserId? user, string password, string? email, CancellationToken ct)
    {
        if (policy.Check(tenant, password, email) is { } refused) return refused;
        var verdict = await breaches.CheckAsync(tenant, password, ct);
        if (verdict == BreachVerdict.Breached)
            return Problem.Invalid("password_breached", "That password is on a published list of stolen ones. Choose another, and change it wherever else it is used.", "password");
        if (verdict == BreachVerdict.Unknown && !tenant.Settings.Passwords.BreachFailOpen)
            return Problem.Unavailable("breach_check_unavailable", "Whether that password was stolen somewhere cannot be found out at the moment. Try again in a minute.");
        return user is { } owner && PasswordText.BytesOrDecoy(password, out var possible) is var bytes && possible ? await history.CheckAsync(tenant, owner, bytes, ct) : null;
    }

    /// <summary>Whether a password that has just been proved right turns out to be breached. Never keeps anybody waiting for a service that is down.</summary>
    /// <param name="checkedAt">When it was last looked up at a service.</param>
    /// <returns>Unknown also where it was not looked up this time.</returns>
    internal async ValueTask<BreachVerdict> CheckProvedAsync(TenantContext tenant, string password, DateTimeOffset? checkedAt, DateTimeOffset now, CancellationToken ct)
    {
        if (!tenant.Settings.Passwords.BreachCheckAtSignIn || !breaches.IsOn(tenant)) return BreachVerdict.Unknown;
        if (breaches.GoesOnline(tenant) && (breaches.IsResting || checkedAt > now - TimeSpan.FromDays(1))) return BreachVerdict.Unknown;
        return await breaches.CheckAsync(tenant, password, ct);
    }

    /// <summary>Whether a look takes long enough to be written down.</summary>
    internal bool Remembers(TenantContext tenant) => breaches.GoesOnline(tenant);

    /// <summary>Puts the present password among the old ones.</summary>
    internal ValueTask KeepAsync(TenantTransaction tx, UserId user, CancellationToken ct) => history.KeepAsync(tx, user, ct);
}
