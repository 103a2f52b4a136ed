using System.Net;
using System.Text.Json;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.E164;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Users;

namespace Gatehouse.Flows.Definitions;

/// <summary>
/// Whether at least one of a tenant's administrators could still sign in to her own account, with what she has today and from where the change is
/// being made: the same function judges her as would judge her sign-in. Asked when a flow changes and when the settings change under it; both hold the
/// tenant's row first, so that neither decides by what the other is about to replace.
/// </summary>
internal sealed class LockoutGuard(Roles roles, UserDirectory users, Passwords passwords, Passkeys passkeys, SecondFactors factors, SmsAuthenticator sms) : ISettingsGuard
{
    private static readonly string[] password = ["pwd"], mail = ["email"];

    /// <param name="tenant">As it is held.</param>
    /// <returns>Null when one could, or there is none to lock out; else <c>flow_locks_out_administrators</c>.</returns>
    internal async ValueTask<Problem?> CheckAsync(TenantTransaction tx, TenantContext tenant, string kind, FlowDefinition definition, RequestFacts request, CancellationToken ct) =>
        // Administrators do not register.
        kind == FlowDefinition.SignIn && await LocksOutAsync(tx, new(tenant, definition, request, Passkeys.RpId(tenant)), ct) ? Refusal("definition") : null;

    /// <summary>Of settings only what takes the last way is refused, not what leaves things as they were: an accent may change where nobody has a password yet.</summary>
    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, TenantContext before, TenantContext after, RequestFacts request, CancellationToken ct)
    {
        var state = await FlowStore.FindActiveAsync(tx, FlowDefinition.SignIn, ct);
        // A passkey of which the domain was not written down was made for the present one.
        Asked Under(TenantContext tenant) => new(tenant, state?.Definition is { } own ? FlowDirectory.Parse(FlowDefinition.SignIn, own) : ShippedFlow.Of(tenant, FlowDefinition.SignIn), request, Passkeys.RpId(before));
        return await LocksOutAsync(tx, Under(after), ct) && !await LocksOutAsync(tx, Under(before), ct) ? Refusal("settings") : null;
    }

    private static Problem Refusal(string field) =>
        Problem.Conflict("flow_locks_out_administrators", "With this flow and these settings no administrator of the tenant could sign in with what she has set up. Leave one of them a way.", field);

    private async ValueTask<bool> LocksOutAsync(TenantTransaction tx, Asked asked, CancellationToken ct)
    {
        var any = false;
        foreach (var id in await roles.ListAdministratorsAsync(tx, ct))
        {
            if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active } administrator) continue;
            any = true;
            if (await CouldSignInAsync(tx, asked, administrator, ct)) return false;
        }
        return any;
    }

    private async ValueTask<bool> CouldSignInAsync(TenantTransaction tx, Asked asked, User user, CancellationToken ct)
    {
        var (tenant, definition) = (asked.Tenant, asked.Definition);
        var offered = tenant.Settings.SignIn;
        var held = await roles.ListKeysAsync(tx, user.Id, ct);
        var holdings = await HoldingsAsync(tx, tenant, user, ct);
        using var attributes = JsonDocument.Parse(user.Attributes);
        List<IReadOnlyList<string>> ways = [.. await passkeys.ListUsableAsync(tx, tenant, user.Id, asked.Unnamed, ct)];
        if (offered.Offers(SignInSettings.Password) && await passwords.ChangedAtAsync(tx, user.Id, ct) is not null) ways.Add(password);
        if (offered.Offers(SignInSettings.EmailCode) && user.Emails.Any(e => e.Verified)) ways.Add(mail);
        // In a browser she has never used, since cookies get lost; on any system, since another can be found.
        foreach (var (way, platform) in ways.SelectMany(w => DeviceName.Platforms.Select(p => (w, p))))
        {
            var facts = new FlowFacts(null, IPAddress.TryParse(asked.Request.IpAddress, out var address) ? address : null, 0, held, attributes.RootElement, holdings.Second.Length > 0, way, DeviceStanding.New, platform);
            var verdict = FlowVerdict.Of(definition, facts);
            if (verdict.DeniedBy is not null || !verdict.AllowsFirst(way) || !verdict.SecondFactors.All(step => CouldPass(step, way, holdings))) continue;
            // A program or a page that is away must not keep the last administrator out, who alone could change the flow.
            if (verdict.Further.Any(s => s is WebStep or WebhookStep { AllowOnFailure: false })) continue;
            // Judged again with what the second steps add: a refusal may depend on them.
            if (verdict.SecondFactors.Count == 0 || Assurance.HasTwoSteps(way)) return true;
            foreach (var further in new[] { "otp", "sms" })
                if (FlowVerdict.Of(definition, facts with { Methods = [.. way, further, Assurance.Mfa] }).DeniedBy is null) return true;
        }
        return false;
    }

    private static bool CouldPass(SecondFactorStep step, IReadOnlyList<string> way, Holdings holdings)
    {
        if (Assurance.HasTwoSteps(way) && FlowVerdict.UsedAny(step.AnyOf, way)) return true;
        // What she has of the step's is asked for; where that is nothing, whatever she has.
        string[] hers = [.. holdings.Second.Where(name => step.AnyOf is null || step.AnyOf.Contains(name, StringComparer.Ordinal))];
        if (holdings.Second.Length > 0 && !(hers.Length > 0 ? hers : holdings.Second).Any(name => holdings.Reachable.Contains(name, StringComparer.Ordinal))) return false;
        if (hers.Length > 0) return true;
        // Who has none is not asked, unless a passkey would do that she has and did not use.
        if (!step.Enrol) return !(holdings.HasPasskey && step.AnyOf?.Contains("passkey", StringComparer.Ordinal) == true);
        // Or sets one up on the way: an application on a telephone, which anybody can; but nobody does on a password's word who has a passkey to use.
        return (step.AnyOf is null || step.AnyOf.Contains("totp", StringComparer.Ordinal))
            && (holdings.Second.Length > 0 || !holdings.IsAskedForPasskey || way.Any(m => m is "hwk" or "swk"));
    }

    private async ValueTask<Holdings> HoldingsAsync(TenantTransaction tx, TenantContext tenant, User user, CancellationToken ct)
    {
        var states = await factors.DescribeAsync(tx, user.Id, ct);
        string[] second = [.. states.Select(s => s.Name).Where(name => factors.Of(name).IsFactor)];
        // A code goes only to countries that the tenant sends to; one of her recovery codes stands in for any step.
        var texted = await sms.FindPhoneAsync(tx, user, ct) is { } phone && PhoneNumber.Parse(phone.Number) is { } number && tenant.Settings.Sms.AllowedCountries.Contains(number.Country, StringComparer.Ordinal);
        string[] reachable = states.Any(s => !factors.Of(s.Name).IsFactor && s.Left > 0) ? second : [.. second.Where(name => texted || name != SmsAuthenticator.AuthenticatorName)];
        var hasPasskey = (await passkeys.ListAsync(tx, user.Id, ct)).Count > 0;
        return new(second, reachable, hasPasskey, hasPasskey && tenant.Settings.SignIn.Offers(SignInSettings.Passkey) && Passkeys.RpId(tenant) is not null);
    }

    /// <param name="Unnamed">The domain of passkeys of which it was not written down.</param>
    private sealed record Asked(TenantContext Tenant, FlowDefinition Definition, RequestFacts Request, string? Unnamed);

    /// <param name="Second">Names of her second steps.</param>
    /// <param name="Reachable">Of those, what she can still pass.</param>
    /// <param name="HasPasskey">Any, whether or not it still works.</param>
    /// <param name="IsAskedForPasskey">She has one and the tenant offers them.</param>
    private sealed record Holdings(string[] Second, string[] Reachable, bool HasPasskey, bool IsAskedForPasskey);
}
