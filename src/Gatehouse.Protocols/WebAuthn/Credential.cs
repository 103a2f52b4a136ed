namespace Gatehouse.Protocols.WebAuthn;

/// <summary>What comes back from <c>navigator.credentials.create</c>.</summary>
/// <param name="Id">The credential's id as the browser said it, beside the one inside the attestation object.</param>
public sealed record RegistrationResponse(byte[] Id, byte[] ClientData, byte[] AttestationObject);

/// <summary>What comes back from <c>navigator.credentials.get</c>.</summary>
/// <param name="UserHandle">Null when the authenticator gave none.</param>
public sealed record AuthenticationResponse(byte[] Id, byte[] ClientData, byte[] AuthenticatorData, byte[] Signature, byte[]? UserHandle);

/// <summary>A new credential: what to store of it.</summary>
/// <param name="PublicKey">COSE, as the authenticator wrote it.</param>
/// <param name="Aaguid">The authenticator's model; all zero when it does not say. Claimed only, unless the attestation is trusted.</param>
/// <param name="BackupEligible">It may live on several devices (a synced passkey); never changes.</param>
public sealed record RegisteredCredential(byte[] Id, byte[] PublicKey, long Algorithm, uint SignCount, Guid Aaguid, bool UserVerified,
    bool BackupEligible, bool BackedUp, string Format, AttestationKind Attestation);

/// <summary>What is known of a credential that somebody presents.</summary>
public sealed record StoredCredential(byte[] Id, byte[] PublicKey, uint SignCount, bool BackupEligible, byte[] UserHandle);

/// <summary>A right assertion: what to write back, and what it is worth.</summary>
/// <param name="SignCountRegressed">
/// The counter did not grow though it counts: the key may have been copied. What follows from it is the caller's to say (§7.2 step 22).
/// </param>
public sealed record VerifiedAssertion(uint SignCount, bool SignCountRegressed, bool UserVerified, bool BackupEligible, bool BackedUp);
