using System.Globalization;
using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Sessions;

/// <summary>
/// <c>POST /api/v1/users/{id}/credentials/reset</c>: an administrator takes away what a user proves herself with, for when it is lost or in wrong hands. She is told by
/// mail and sets up what she needs from her addresses (<c>/users/{id}/password-reset</c> sends her a link). Nobody's are reset by who may do less than she.
/// </summary>
internal static class ResetCredentials
{
    private const string Password = "password", OfPasskeys = "passkeys", Totp = "totp", Sms = "sms", Codes = "recovery_codes", Devices = "trusted_devices", Keys = "api_keys", All = "all";
    private const string Reason = "credentials_reset";
    private static readonly string[] kinds = [Password, OfPasskeys, Totp, Sms, Codes, Devices, Keys];

    /// <param name="Kinds">Any of <c>password</c>, <c>passkeys</c>, <c>totp</c>, <c>sms</c>, <c>recovery_codes</c>, <c>trusted_devices</c>, <c>api_keys</c>; or <c>all</c>.</param>
    /// <param name="EndSessions">Default true. Without it they go on, unless a password was taken away: that always ends them.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(IReadOnlyList<string?>? Kinds, bool EndSessions = true);

    /// <summary>What was taken away: how many of each kind.</summary>
    /// <param name="RecoveryCodes">1 where there were any. With the last second step they go too: they would stand in for nothing.</param>
    internal sealed record Response(int Password, int Passkeys, int Totp, int Sms, int RecoveryCodes, int TrustedDevices, int ApiKeys, bool SessionsEnded);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users/{id}/credentials/reset", HandleAsync).WithName("users.credentials.reset").WithSummary("Take away a user's credentials").RequirePermission(Scopes.UsersWrite).RequireFreshProof();

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 422 <c>kinds_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string id, Request request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        UserDirectory users, ICallerGuard guard, Passwords passwords, Passkeys passkeys, SecondFactors factors, TrustedDevices devices, SessionDirectory sessions, IKeysOfUser userKeys, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (request.Kinds is not { Count: > 0 and <= 10 } named || named.Any(k => k is null || (k != All && !kinds.Contains(k, StringComparer.Ordinal))))
            return Problem.Invalid("kinds_invalid", $"kinds names what to take away: any of {string.Join(", ", kinds)}; or {All}.", "kinds").ToHttp();
        bool Wants(string kind) => named.Contains(kind) || named.Contains(All);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Also for another tenant's user: existence there is not ours to tell.
        if (!UserId.TryParse(id, out var userId) || await users.FindAsync(tx, userId, ct) is not { } user) return SessionView.UserNotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();

        var trusted = Wants(Devices) ? (await devices.ListAsync(tx, tenant, userId, ct)).Count : 0;
        // In the order in which a sign-in locks: password, passkeys, what stands behind them. Trust goes with any of them, and in any case where it is named.
        var password = Wants(Password) && await passwords.RemoveAsync(tx, userId, ct) ? 1 : 0;
        var keys = Wants(OfPasskeys) ? await passkeys.RemoveAllAsync(tx, userId, ct) : 0;
        string[] wanted = [.. new[] { (Totp, TotpAuthenticator.AuthenticatorName), (Sms, SmsAuthenticator.AuthenticatorName), (Codes, RecoveryCodes.AuthenticatorName) }.Where(f => Wants(f.Item1)).Select(f => f.Item2)];
        var removed = wanted.Length > 0 ? await factors.RemoveAsync(tx, userId, wanted, ct) : [];
        int Of(string name) => removed.Contains(name) ? 1 : 0;
        if (Wants(Devices)) await devices.RevokeAllAsync(tx, userId, AuditActor.Of(caller), facts, Reason, ct);
        if (request.EndSessions) await sessions.RevokeAllAsync(tx, userId, null, Reason, ct);
        var opening = Wants(Keys) ? await userKeys.RevokeAllAsync(tx, userId, AuditActor.Of(caller), facts, Reason, ct) : 0;

        var taken = new Response(password, keys, Of(TotpAuthenticator.AuthenticatorName), Of(SmsAuthenticator.AuthenticatorName), Of(RecoveryCodes.AuthenticatorName), trusted, opening, request.EndSessions || password > 0);
        var something = taken is not { Password: 0, Passkeys: 0, Totp: 0, Sms: 0, RecoveryCodes: 0, TrustedDevices: 0, ApiKeys: 0 };
        if (something || taken.SessionsEnded)
        {
            await audit.AppendAsync(tx, new("credentials.reset", AuditOutcome.Success, AuditActor.Of(caller), "user", userId.ToString(), facts, Details(taken)), ct);
            if (something && user.PrimaryEmail is { } email)
                await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "credentials_reset", user.Locale ?? tenant.Settings.Locales.Default,
                    new Dictionary<string, string> { ["link"] = tenant.Url("/signin/forgot") }) { About = userId }, ct);
        }
        await tx.CommitAsync(ct);
        return TypedResults.Ok(taken);
    }

    private static Dictionary<string, string> Details(Response taken)
    {
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["sessions_ended"] = taken.SessionsEnded ? "true" : "false" };
        foreach (var (kind, count) in new[] { (Password, taken.Password), (OfPasskeys, taken.Passkeys), (Totp, taken.Totp), (Sms, taken.Sms), (Codes, taken.RecoveryCodes), (Devices, taken.TrustedDevices), (Keys, taken.ApiKeys) })
            if (count > 0) details[kind] = count.ToString(CultureInfo.InvariantCulture);
        return details;
    }
}
