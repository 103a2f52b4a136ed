using System.Net;
using System.Text.Json;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Flows.Definitions;

/// <summary>
/// Whether at least one of a tenant's administrators could still sign in to her own account, with what she has today and from where the change is
/// being made: the same function judges her as would judge her sign-in.
/// </summary>
internal sealed class LockoutGuard(Roles roles, UserDirectory users, Passwords passwords, Passkeys passkeys, SecondFactors factors)
{
    private static readonly string[] password = ["pwd"], passkey = ["hwk", "user", "mfa"], mail = ["email"];

    /// <returns>Null when one could, or there is none to lock out; else <c>flow_locks_out_administrators</c>.</returns>
    internal async ValueTask<Problem?> CheckAsync(TenantTransaction tx, TenantContext tenant, string kind, FlowDefinition definition, RequestFacts request, CancellationToken ct)
    {
        // Administrators do not register.
        if (kind != FlowDefinition.SignIn) return null;
        var any = false;
        foreach (var id in await roles.ListHoldersAsync(tx, Roles.Administrator, ct))
        {
            if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active } administrator) continue;
            any = true;
            if (await CouldSignInAsync(tx, tenant, definition, administrator, request, ct)) return null;
        }
        return any ? Problem.Conflict("flow_locks_out_administrators", "With this definition no administrator of the tenant could sign in with what she has set up. Leave one of them a way.", "definition") : null;
    }

    private async ValueTask<bool> CouldSignInAsync(TenantTransaction tx, TenantContext tenant, FlowDefinition definition, User user, RequestFacts request, CancellationToken ct)
    {
        var states = await factors.DescribeAsync(tx, user.Id, ct);
        var has = await factors.HasAsync(tx, user.Id, ct);
        using var attributes = JsonDocument.Parse(user.Attributes);
        List<string[]> ways = [];
        var offered = tenant.Settings.SignIn;
        if (offered.Offers(SignInSettings.Password) && await passwords.ChangedAtAsync(tx, user.Id, ct) is not null) ways.Add(password);
        if (offered.Offers(SignInSettings.Passkey) && Passkeys.RpId(tenant) is not null && (await passkeys.ListAsync(tx, user.Id, ct)).Count > 0) ways.Add(passkey);
        if (offered.Offers(SignInSettings.EmailCode) && user.Emails.Any(e => e.Verified)) ways.Add(mail);
        // In a browser she has never used, since cookies get lost; on any system, since another can be found.
        foreach (var (way, platform) in ways.SelectMany(w => DeviceName.Platforms.Select(p => (w, p))))
        {
            var facts = new FlowFacts(null, IPAddress.TryParse(request.IpAddress, out var address) ? address : null, 0, [Roles.Administrator], attributes.RootElement, has, way, DeviceStanding.New, platform);
            var verdict = FlowVerdict.Of(definition, facts);
            if (verdict.DeniedBy is not null || !verdict.AllowsFirst(way) || !verdict.SecondFactors.All(step => CouldPass(step, way, states))) continue;
            // A program or a page that is away must not keep the last administrator out, who alone could change the flow.
            if (verdict.Further.Any(s => s is WebStep or WebhookStep { AllowOnFailure: false })) continue;
            // Judged again with what the second steps add: a refusal may depend on them.
            if (verdict.SecondFactors.Count == 0 || way == passkey) return true;
            foreach (var further in new[] { "otp", "sms" })
                if (FlowVerdict.Of(definition, facts with { Methods = [.. way, further, Assurance.Mfa] }).DeniedBy is null) return true;
        }
        return false;
    }

    private static bool CouldPass(SecondFactorStep step, string[] way, IReadOnlyList<AuthenticatorState> states) =>
        (way == passkey && FlowVerdict.UsedAny(step.AnyOf, way))
        || states.Any(s => step.AnyOf is null || step.AnyOf.Contains(s.Name, StringComparer.Ordinal))
        // Who has none sets one up on the way, or is not asked; an application on a telephone anybody can set up.
        || !step.Enrol || step.AnyOf is null || step.AnyOf.Contains("totp", StringComparer.Ordinal);
}
