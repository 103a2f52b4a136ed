namespace Gatehouse.Protocols.WebAuthn;

/// <summary>What the relying party asked for, and takes.</summary>
public abstract class CeremonyExpectation
{
    /// <summary>The challenge that was issued, at least 16 bytes; the caller has made sure that it is used once.</summary>
    public required ReadOnlyMemory<byte> Challenge { get; init; }

    /// <summary>A domain: the credential's scope.</summary>
    public required string RpId { get; init; }

    /// <summary>The origins pages of ours have, compared as texts: <c>https://id.example.com</c>.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    /// <summary>Pages that may hold ours in a frame; empty: none may, and a ceremony inside any frame of another origin is refused.</summary>
    public IReadOnlyList<string> TopOrigins { get; init; } = [];

    /// <summary>Whether a browser must say which page holds ours. Stricter than the specification, which lets one be silent; some (Safari in 2026) are.</summary>
    public bool RequireTopOrigin { get; init; } = true;

    public required bool RequireUserVerification { get; init; }

    /// <summary>Whether credentials that a provider may copy to other devices (synced passkeys) are taken.</summary>
    public bool AllowBackupEligible { get; init; } = true;
}

/// <summary>What a new credential must be.</summary>
public sealed class RegistrationExpectation : CeremonyExpectation
{
    /// <summary>COSE algorithms that were offered (<c>pubKeyCredParams</c>).</summary>
    public IReadOnlyList<long> Algorithms { get; init; } = CoseKey.Offered;

    /// <summary>Attestation formats that are taken; see <see cref="AttestationFormats.All"/>.</summary>
    public IReadOnlyList<string> Formats { get; init; } = AttestationFormats.All;

    /// <summary>Who must stand behind an authenticator; null: nobody is asked, and a sound statement of anybody is taken for what it says.</summary>
    public AttestationTrust? Trust { get; init; }

    /// <summary>Asked about each sound statement, after <see cref="Trust"/>: null when the authenticator's model is wanted, else why it is not.</summary>
    public Func<AttestedAuthenticator, WebAuthnError?>? Judge { get; init; }

    /// <summary>Somebody will rest on the statement: then it must say what it may otherwise leave out.</summary>
    internal bool AsksForTrust => Trust is not null || Judge is not null;
}

/// <summary>What an assertion must be.</summary>
public sealed class AuthenticationExpectation : CeremonyExpectation
{
    /// <summary>The credentials that were named (<c>allowCredentials</c>); empty where the authenticator was left to choose.</summary>
    public IReadOnlyList<byte[]> AllowedCredentials { get; init; } = [];

    /// <summary>Whether the user handle must come back: always where nobody had said who she is.</summary>
    public bool RequireUserHandle { get; init; } = true;
}
