using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Sessions;

/// <param name="ChangeDue">Why she must choose another at her next sign-in: <c>administrator</c>, <c>breached</c>, <c>expired</c>; null: she need not.</param>
internal sealed record PasswordCredentialView(DateTimeOffset SetAt, string? ChangeDue);

/// <param name="Synced">It may be on more devices than one.</param>
internal sealed record PasskeyCredentialView(PasskeyId Id, string Name, bool Synced, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <param name="Left">How many are unused; null: not counted.</param>
internal sealed record FactorCredentialView(DateTimeOffset Since, DateTimeOffset? LastUsedAt, int? Left);

/// <summary>All by which a user proves who she is: that it is there and since when, never what it is.</summary>
/// <param name="Password">Null: none.</param>
/// <param name="Totp">An app that shows codes; null: none.</param>
/// <param name="Sms">Codes by text as a second step; null: none.</param>
/// <param name="RecoveryCodes">What stands in for a second step; null: none.</param>
/// <param name="TrustedDevices">In how many browsers no second step is asked for.</param>
/// <param name="ApiKeys">How many API keys that are good now act in her name.</param>
/// <param name="Emails">Proved addresses: links and codes can be sent there.</param>
/// <param name="Phones">Proved numbers.</param>
internal sealed record CredentialsView(PasswordCredentialView? Password, IReadOnlyList<PasskeyCredentialView> Passkeys, FactorCredentialView? Totp, FactorCredentialView? Sms,
    FactorCredentialView? RecoveryCodes, int TrustedDevices, int ApiKeys, IReadOnlyList<string> Emails, IReadOnlyList<string> Phones);

/// <summary><c>GET /api/v1/users/{id}/credentials</c>: what a user has to prove who she is.</summary>
internal static class ReadCredentials
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id}/credentials", HandleAsync).WithName("users.credentials.get").WithSummary("List a user's credentials of all kinds").RequirePermission(Scopes.UsersRead);

    /// <returns>200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<CredentialsView>, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, IDatabase database, UserDirectory users, Passwords passwords,
        Passkeys passkeys, SecondFactors factors, TrustedDevices devices, IKeysOfUser keys, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId)) return SessionView.UserNotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, userId, ct) is not { } user) return SessionView.UserNotFound.ToHttp();
        var states = await factors.DescribeAsync(tx, userId, ct);
        FactorCredentialView? Of(string name) => states.FirstOrDefault(s => s.Name == name) is { } state ? new(state.Since, state.LastUsedAt, state.Left) : null;
        var due = (await passwords.ChangeDueAsync(tx, tenant, userId, ct)) switch
        {
            PasswordChangeReason.Administrator => "administrator",
            PasswordChangeReason.Breached => "breached",
            PasswordChangeReason.Expired => "expired",
            _ => null,
        };
        return TypedResults.Ok(new CredentialsView(
            await passwords.ChangedAtAsync(tx, userId, ct) is { } set ? new(set, due) : null,
            [.. (await passkeys.ListAsync(tx, userId, ct)).Select(p => new PasskeyCredentialView(p.Id, p.Name, p.BackupEligible, p.CreatedAt, p.LastUsedAt))],
            Of(TotpAuthenticator.AuthenticatorName), Of(SmsAuthenticator.AuthenticatorName), Of(RecoveryCodes.AuthenticatorName),
            (await devices.ListAsync(tx, tenant, userId, ct)).Count, await keys.CountAsync(tx, userId, ct),
            [.. user.Emails.Where(e => e.Verified).Select(e => e.Address)], [.. user.Phones.Where(p => p.Verified).Select(p => p.Number)]));
    }
}
