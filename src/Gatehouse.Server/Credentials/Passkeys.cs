using System.Net;
using System.Security.Cryptography;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Protocols.WebAuthn;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Vault;

namespace Gatehouse.Credentials;

/// <summary>
/// Passkeys: registering, presenting, naming and removing them. The checks are <see cref="Registration"/>'s and
/// <see cref="Authentication"/>'s; this class holds what must be remembered between and after them.
/// </summary>
public sealed class Passkeys
{
    /// <summary>One person's telephones, computers and spare keys, and no list without end.</summary>
    public const int MaxPerUser = 20;

    /// <summary>How long a challenge is good for; a page is given one with at least half of it left. WebAuthn §15.1 recommends 5 to 10 minutes.</summary>
    internal static readonly TimeSpan ChallengeLifetime = TimeSpan.FromMinutes(10);

    private const int ChallengeLength = 32;

    private readonly TenantVault vault;
    private readonly UserDirectory users;
    private readonly EventOutbox events;
    private readonly AuthenticatorPolicy policy;
    private readonly TimeProvider clock;

    internal Passkeys(TenantVault vault, UserDirectory users, EventOutbox events, AuthenticatorPolicy policy, TimeProvider clock) =>
        (this.vault, this.users, this.events, this.policy, this.clock) = (vault, users, events, policy, clock);

    /// <summary>The relying party: the issuer's host, or a domain above it. Null where browsers accept none: an address is no domain.</summary>
    public static string? RpId(TenantContext tenant)
    {
        var settings = tenant.Settings.Passkeys;
        if (!settings.Enabled || new Uri(tenant.Issuer) is not { HostNameType: UriHostNameType.Dns } issuer || IPAddress.TryParse(issuer.Host, out _)) return null;
        if (settings.RpId.Length == 0 || settings.RpId == issuer.IdnHost) return issuer.IdnHost;
        return issuer.IdnHost.EndsWith("." + settings.RpId, StringComparison.Ordinal) ? settings.RpId : null;
    }

    /// <summary>Begins a registration in this session; its challenge is given to nobody else.</summary>
    /// <returns>Null where passkeys are not offered.</returns>
    public async ValueTask<PasskeyCreation?> BeginRegistrationAsync(TenantTransaction tx, TenantContext tenant, SessionId session, User user, CancellationToken ct)
    {
        var known = await PasskeyStore.ListAsync(tx, user.Id, ct);
        var name = user.PrimaryEmail?.Address ?? user.Id.ToString();
        return await BeginAsync(tx, tenant, PasskeyStore.Registering, session.Value, user.Id, name, user.DisplayName ?? name, [.. known.Select(k => Base64UrlStrict.Encode(k.Key.CredentialId))], ct);
    }

    /// <summary>Begins the registration of somebody's first passkey, with which her account will begin; its challenge is that link's.</summary>
    /// <param name="link">Names what she holds to sign up with.</param>
    /// <param name="user">Who she will be.</param>
    /// <returns>Null where passkeys are not offered.</returns>
    public ValueTask<PasskeyCreation?> BeginSignUpAsync(TenantTransaction tx, TenantContext tenant, Guid link, UserId user, string address, string displayName, CancellationToken ct) =>
        BeginAsync(tx, tenant, PasskeyStore.SigningUp, link, user, address, displayName.Length > 0 ? displayName : address, [], ct);

    /// <summary>Stores what the authenticator made. The challenge is used up whatever comes of it: the caller commits.</summary>
    /// <returns>The passkey; or <c>passkey_expired</c>, <c>passkey_invalid</c>, <c>passkey_model_refused</c>, <c>passkey_synced_refused</c>, <c>passkey_taken</c>, <c>passkeys_too_many</c>.</returns>
    public async ValueTask<Result<Passkey, PasskeyRefusal>> RegisterAsync(TenantTransaction tx, TenantContext tenant, SessionId session, UserId user, string name, PasskeyForm form, CancellationToken ct)
    {
        if (!(await JudgeAsync(tx, tenant, PasskeyStore.Registering, session.Value, form, ct)).TryGet(out var made, out var refused)) return refused;
        return await StoreAsync(tx, tenant, user, name, made, ct);
    }

    /// <summary>Judges what the authenticator of somebody made who has no account yet. The challenge is used up whatever comes of it: the caller commits.</summary>
    /// <returns>What <see cref="StoreAsync"/> takes; or a refusal as of <see cref="RegisterAsync"/>.</returns>
    public ValueTask<Result<NewPasskey, PasskeyRefusal>> JudgeSignUpAsync(TenantTransaction tx, TenantContext tenant, Guid link, PasskeyForm form, CancellationToken ct) =>
        JudgeAsync(tx, tenant, PasskeyStore.SigningUp, link, form, ct);

    private async ValueTask<PasskeyCreation?> BeginAsync(TenantTransaction tx, TenantContext tenant, string purpose, Guid subject, UserId user, string name, string displayName, IReadOnlyList<string> known, CancellationToken ct)
    {
        if (RpId(tenant) is not { } rpId) return null;
        var challenge = await IssueAsync(tx, purpose, subject, ct);
        return new(rpId, tenant.DisplayName, Base64UrlStrict.Encode(challenge), Base64UrlStrict.Encode(await HandleAsync(tx, user, ct)), name, displayName,
            known, CoseKey.Offered, tenant.Settings.Passkeys.RequireUserVerification, tenant.Settings.Passkeys.Attestation);
    }

    private async ValueTask<Result<NewPasskey, PasskeyRefusal>> JudgeAsync(TenantTransaction tx, TenantContext tenant, string purpose, Guid subject, PasskeyForm form, CancellationToken ct)
    {
        var challenge = await PasskeyStore.TakeAsync(tx, purpose, subject, clock.Now(), ct);
        if (RpId(tenant) is not { } rpId || !form.TryReadRegistration(out var response)) return new PasskeyRefusal("passkey_invalid", "malformed");
        if (challenge is null) return new PasskeyRefusal("passkey_expired", "challenge_absent");
        var settings = tenant.Settings.Passkeys;
        var expected = new RegistrationExpectation
        {
            Challenge = challenge, RpId = rpId, Origins = Origins(tenant), TopOrigins = settings.FrameOrigins, RequireUserVerification = settings.RequireUserVerification,
            AllowBackupEligible = settings.AllowSynced, Judge = policy.For(settings),
        };
        if (!Registration.Verify(response, expected).TryGet(out var made, out var error)) return new PasskeyRefusal(CodeOf(error), error.Code);
        return new NewPasskey(made, form.KnownTransports, rpId);
    }

    /// <summary>Makes it hers.</summary>
    /// <returns>The passkey; or <c>passkey_invalid</c>, <c>passkey_taken</c>, <c>passkeys_too_many</c>.</returns>
    public async ValueTask<Result<Passkey, PasskeyRefusal>> StoreAsync(TenantTransaction tx, TenantContext tenant, UserId user, string name, NewPasskey judged, CancellationToken ct)
    {
        var (settings, made) = (tenant.Settings.Passkeys, judged.Made);
        if (!await users.HoldActiveAsync(tx, user, ct)) return new PasskeyRefusal("passkey_invalid", "user_disabled");
        var passkey = new Passkey(PasskeyId.New(clock), user, name, made.BackupEligible, made.BackedUp, made.Aaguid, clock.Now(), null, AuthenticatorPolicy.Proves(settings));
        if (!await PasskeyStore.TryInsertAsync(tx, passkey, new(made.Id, made.PublicKey, made.SignCount, judged.Transports, judged.RpId, made.UserVerified), MaxPerUser, ct))
        {
            return await PasskeyStore.FindAsync(tx, made.Id, ct) is null
                ? new PasskeyRefusal("passkeys_too_many", "too_many")
                : new PasskeyRefusal("passkey_taken", "credential_known");
        }
        await events.PublishAsync(tx, new PasskeyAdded(user, passkey.Id), ct);
        return passkey;
    }

    /// <summary>Begins a sign-in in this run. Anybody may: it says nothing of anybody.</summary>
    /// <returns>Null where passkeys are not offered.</returns>
    public async ValueTask<PasskeyRequest?> BeginSignInAsync(TenantTransaction tx, TenantContext tenant, Guid run, CancellationToken ct) =>
        RpId(tenant) is { } rpId
            ? new(rpId, Base64UrlStrict.Encode(await IssueAsync(tx, PasskeyStore.SigningIn, run, ct)), tenant.Settings.Passkeys.RequireUserVerification)
            : null;

    /// <summary>
    /// Checks an assertion and remembers that it was made. The challenge is used up whatever comes of it, and a failure is counted for the
    /// address and the tenant as a wrong password's is: the caller commits. Not for the user: a signature cannot be guessed, and
    /// whoever knew a credential's id could use up her allowance of passwords.
    /// </summary>
    /// <returns>Who it is, whatever her status; or <c>passkey_refused</c>, one answer for everything that can be wrong.</returns>
    public async ValueTask<Result<PasskeyProof, PasskeyRefusal>> VerifyAsync(TenantTransaction tx, TenantContext tenant, Guid run, PasskeyForm form, RequestFacts request, CancellationToken ct)
    {
        var challenge = await PasskeyStore.TakeAsync(tx, PasskeyStore.SigningIn, run, clock.Now(), ct);
        var keys = new AttemptKeys(null, "passkey", null, request);
        var limits = tenant.Settings.Limits;
        var facts = await PasswordStore.FactsAsync(tx, default, keys, clock.Now(), ct);
        if (facts.IpFailures >= limits.FailuresPerIp || (facts.IpFailures > 0 && facts.TenantFailures >= limits.FailuresPerTenant)) return Refused("throttled");

        var result = await CheckAsync(tx, tenant, challenge, form, ct);
        if (result.TryGet(out _, out _)) return result;
        await CountFailureAsync(tx, tenant, request, ct);
        return result;
    }

    /// <summary>Counts a failure that only the caller could see (the user is disabled): as one here.</summary>
    public async ValueTask CountFailureAsync(TenantTransaction tx, TenantContext tenant, RequestFacts request, CancellationToken ct)
    {
        var (keys, now) = (new AttemptKeys(null, "passkey", null, request), clock.Now());
        if (await RateLimit.TryTakeAsync(tx, PasswordStore.IpBucket, keys.IpKey, tenant.Settings.Limits.FailuresPerIp, now, Passwords.FailureWindow, ct))
            await RateLimit.TryTakeAsync(tx, PasswordStore.TenantBucket, keys.TenantKey, tenant.Settings.Limits.FailuresPerTenant, now, Passwords.FailureWindow, ct);
    }

    /// <summary>A user's passkeys, oldest first; at most <see cref="MaxPerUser"/>.</summary>
    public async ValueTask<IReadOnlyList<Passkey>> ListAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        [.. (await PasskeyStore.ListAsync(tx, user, ct)).Select(p => p.Passkey)];

    /// <summary>Those of a user's passkeys with which she could sign in under the tenant's settings: of the domain that they name, and of a kind and model that they take.</summary>
    /// <param name="unnamed">The domain of those of which it was not written down.</param>
    /// <returns>Of each, what it proves (RFC 8176).</returns>
    public async ValueTask<IReadOnlyList<IReadOnlyList<string>>> ListUsableAsync(TenantTransaction tx, TenantContext tenant, UserId user, string? unnamed, CancellationToken ct)
    {
        var settings = tenant.Settings.Passkeys;
        if (RpId(tenant) is not { } rpId || !tenant.Settings.SignIn.Offers(SignInSettings.Passkey)) return [];
        return [.. (await PasskeyStore.ListAsync(tx, user, ct))
            .Where(p => (p.Key.RpId.Length == 0 ? unnamed : p.Key.RpId) == rpId && (settings.AllowSynced || !p.Passkey.BackupEligible) && policy.JudgeUse(settings, p.Passkey) is null)
            .Select(p => MethodsOf(p.Passkey.BackupEligible, p.Key.UvInitialized))];
    }

    /// <summary>False when it is somebody else's or gone.</summary>
    public ValueTask<bool> RenameAsync(TenantTransaction tx, PasskeyId id, UserId user, string name, CancellationToken ct) => PasskeyStore.RenameAsync(tx, id, user, name, ct);

    /// <returns>What it was called; null when it is somebody else's or gone.</returns>
    public async ValueTask<string?> RemoveAsync(TenantTransaction tx, PasskeyId id, UserId user, CancellationToken ct)
    {
        if (await PasskeyStore.DeleteAsync(tx, id, user, ct) is not { } name) return null;
        await events.PublishAsync(tx, new PasskeyRemoved(user, id), ct);
        return name;
    }

    /// <summary>Before their user is held, as a sign-in by one does it: two that lock in different orders would wait for each other for ever.</summary>
    internal ValueTask HoldAsync(TenantTransaction tx, UserId user, CancellationToken ct) => PasskeyStore.HoldAsync(tx, user, ct);

    /// <summary>Removes all of them.</summary>
    /// <returns>How many there were.</returns>
    public async ValueTask<int> RemoveAllAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        var removed = 0;
        foreach (var (passkey, _) in await PasskeyStore.ListAsync(tx, user, ct))
            if (await RemoveAsync(tx, passkey.Id, user, ct) is not null) removed++;
        return removed;
    }

    /// <summary>What a browser is told so that it forgets those she has removed (<c>signalAllAcceptedCredentials</c>): user handle and credential ids.</summary>
    public async ValueTask<(string UserHandle, IReadOnlyList<string> Credentials)> AcceptedAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        (Base64UrlStrict.Encode(await HandleAsync(tx, user, ct)), [.. (await PasskeyStore.ListAsync(tx, user, ct)).Select(p => Base64UrlStrict.Encode(p.Key.CredentialId))]);

    private async ValueTask<Result<PasskeyProof, PasskeyRefusal>> CheckAsync(TenantTransaction tx, TenantContext tenant, byte[]? challenge, PasskeyForm form, CancellationToken ct)
    {
        if (RpId(tenant) is not { } rpId || !form.TryReadAuthentication(out var response)) return Refused("malformed");
        if (challenge is null) return Refused("challenge_absent");
        if (await PasskeyStore.FindAsync(tx, response.Id, ct) is not var (passkey, key)) return Refused("credential_unknown");
        var settings = tenant.Settings.Passkeys;
        var expected = new AuthenticationExpectation
        {
            Challenge = challenge, RpId = rpId, Origins = Origins(tenant), TopOrigins = settings.FrameOrigins, RequireUserVerification = settings.RequireUserVerification,
            AllowBackupEligible = settings.AllowSynced,
        };
        var stored = new StoredCredential(key.CredentialId, key.PublicKey, (uint)key.SignCount, passkey.BackupEligible, await HandleAsync(tx, passkey.UserId, ct));
        if (!Authentication.Verify(response, stored, expected).TryGet(out var assertion, out var error)) return Refused(error.Code, passkey.UserId);
        if (policy.JudgeUse(settings, passkey) is { } unwanted) return Refused(unwanted.Code, passkey.UserId);
        // A counter that did not grow: there are two of the key, and we do not know which of them this is.
        if (assertion.SignCountRegressed || !await PasskeyStore.UseAsync(tx, passkey.Id, assertion.SignCount, assertion.BackedUp, clock.Now(), ct)) return Refused("sign_count_regressed", passkey.UserId);
        // RFC 8176: a key that never leaves its device, or one that its provider's software copies; somebody touched it; two factors where she was
        // verified, by a device that verified her from the beginning: a PIN that whoever found the key has set since is none.
        return new PasskeyProof(passkey.UserId, passkey.Id, MethodsOf(assertion.BackupEligible, assertion.UserVerified && key.UvInitialized));
    }

    internal static IReadOnlyList<string> MethodsOf(bool backupEligible, bool verified)
    {
        string[] methods = [backupEligible ? "swk" : "hwk", "user"];
        return verified ? [.. methods, "mfa"] : methods;
    }

    private static PasskeyRefusal Refused(string reason, UserId? user = null) => new("passkey_refused", reason, user);

    private ValueTask<byte[]> IssueAsync(TenantTransaction tx, string purpose, Guid subject, CancellationToken ct)
    {
        var now = clock.Now();
        return PasskeyStore.IssueAsync(tx, purpose, subject, RandomNumberGenerator.GetBytes(ChallengeLength), now + ChallengeLifetime / 2, now + ChallengeLifetime, ct);
    }

    /// <summary>
    /// WebAuthn §5.4.3, §14.6.1: opaque, the same for all of a user's passkeys, and nothing of her in it. Under a key of the tenant, since
    /// tenants may share a host: authenticators replace a passkey of the same relying party and handle.
    /// </summary>
    private async ValueTask<byte[]> HandleAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        HMACSHA256.HashData(await vault.DeriveKeyAsync(tx, "passkey.user_handle", ct), user.Value.ToByteArray(bigEndian: true));

    /// <summary>What a person can do something about is said; the rest is one answer.</summary>
    private static string CodeOf(WebAuthnError error) => error.Code switch
    {
        WebAuthnError.BackupRefused => "passkey_synced_refused",
        WebAuthnError.ModelRefused or WebAuthnError.AttestationUntrusted => "passkey_model_refused",
        _ => "passkey_invalid",
    };

    private static IReadOnlyList<string> Origins(TenantContext tenant)
    {
        var issuer = new Uri(tenant.Issuer);
        var own = $"{issuer.Scheme}://{issuer.IdnHost}{(issuer.IsDefaultPort ? "" : $":{issuer.Port}")}";
        return [own, .. tenant.Settings.Passkeys.RelatedOrigins];
    }
}
