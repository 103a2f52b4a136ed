using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.WebAuthn;

namespace Gatehouse.Credentials;

/// <summary>Which authenticators a tenant takes: its lists of models, and what the metadata says of one. What cannot be found out is refused.</summary>
internal sealed class AuthenticatorPolicy(AuthenticatorMetadata metadata, TimeProvider clock)
{
    /// <summary>For a registration; null where every authenticator will do.</summary>
    internal Func<AttestedAuthenticator, WebAuthnError?>? For(PasskeySettings settings) =>
        settings is { AaguidsAllowed.Count: 0, AaguidsDenied.Count: 0, RequireKnown: false, RequireCertified: false } ? null : authenticator => Judge(settings, authenticator);

    /// <summary>Whether the policy, when it lets a model pass, has proved it to be that one.</summary>
    internal static bool Proves(PasskeySettings settings) => settings.RequireKnown || settings.RequireCertified;

    /// <summary>
    /// For a sign-in with a passkey that was added before: the lists, and whether its model has been forbidden since. A list that is out of date or absent
    /// shuts nobody out whom it let in: what it said last still counts.
    /// </summary>
    internal WebAuthnError? JudgeUse(PasskeySettings settings, Passkey passkey)
    {
        if (Lists(settings, passkey.Aaguid) is { } refused) return refused;
        if (!Proves(settings) || !passkey.Attested) return null;
        return metadata.State.Blob?.Find(passkey.Aaguid)?.Forbidden([], Today) is { } status ? Refused($"The metadata says {status} of the model.") : null;
    }

    private WebAuthnError? Judge(PasskeySettings settings, AttestedAuthenticator authenticator)
    {
        if (Lists(settings, authenticator.Aaguid) is { } refused) return refused;
        if (!Proves(settings)) return null;
        if (metadata.Usable is not { } list) return Refused("There is no metadata that is up to date.");
        if (list.Find(authenticator) is not { } entry) return Refused("The metadata does not know the model.");
        if (!entry.StandsBehind(authenticator.Attestation, clock.Now())) return new(WebAuthnError.AttestationUntrusted, "None of the model's authorities stands behind the attestation.");
        if (entry.Forbidden(authenticator.Attestation.Path, Today) is { } status) return Refused($"The metadata says {status} of the model.");
        return settings.RequireCertified && !entry.IsCertified(Today) ? Refused("The model is not certified.") : null;
    }

    private static WebAuthnError? Lists(PasskeySettings settings, Guid aaguid) =>
        settings.AaguidsDenied.Any(a => Is(a, aaguid)) ? Refused("The tenant denies the model.")
        : settings.AaguidsAllowed.Count > 0 && !settings.AaguidsAllowed.Any(a => Is(a, aaguid)) ? Refused("The model is not one of those that the tenant allows.")
        : null;

    private DateOnly Today => DateOnly.FromDateTime(clock.Now().UtcDateTime);

    private static bool Is(string setting, Guid aaguid) => Guid.TryParseExact(setting, "D", out var wanted) && wanted == aaguid;

    private static WebAuthnError Refused(string detail) => new(WebAuthnError.ModelRefused, detail);
}
