namespace Gatehouse.Protocols.WebAuthn;

/// <summary>Why a ceremony was refused.</summary>
/// <param name="Code">Stable, snake_case; one of the constants below. Audits and tests switch on it.</param>
/// <param name="Detail">For the engineer who reads the log; holds nothing that the authenticator sent.</param>
public sealed record WebAuthnError(string Code, string Detail)
{
    /// <summary>Longer than this engine reads.</summary>
    public const string TooLarge = "webauthn_too_large";

    /// <summary>The client data is not one strict JSON object, or a member has the wrong type.</summary>
    public const string ClientDataInvalid = "webauthn_client_data_invalid";
    public const string TypeUnexpected = "webauthn_type_unexpected";
    public const string ChallengeUnexpected = "webauthn_challenge_unexpected";
    public const string OriginUnexpected = "webauthn_origin_unexpected";

    /// <summary>Made inside another site's frame, which was not expected.</summary>
    public const string CrossOrigin = "webauthn_cross_origin";

    /// <summary>The attestation object or the authenticator data does not have its form.</summary>
    public const string Malformed = "webauthn_malformed";
    public const string RpIdUnexpected = "webauthn_rp_id_unexpected";
    public const string UserNotPresent = "webauthn_user_not_present";
    public const string UserNotVerified = "webauthn_user_not_verified";

    /// <summary>Backed up without being eligible for it, or eligibility that changed after registration.</summary>
    public const string BackupInconsistent = "webauthn_backup_inconsistent";

    /// <summary>The credential may be synchronised, and the relying party takes none of that kind.</summary>
    public const string BackupRefused = "webauthn_backup_refused";
    public const string KeyInvalid = "webauthn_key_invalid";
    public const string AlgorithmUnsupported = "webauthn_alg_unsupported";

    /// <summary>A format that this engine does not verify, or that the caller does not take.</summary>
    public const string FormatUnsupported = "webauthn_format_unsupported";
    public const string AttestationInvalid = "webauthn_attestation_invalid";

    /// <summary>The statement is sound, and nobody we trust stands behind it.</summary>
    public const string AttestationUntrusted = "webauthn_attestation_untrusted";

    /// <summary>The authenticator's model is not one that the relying party takes: denied, unknown to the metadata, or with a status that forbids it.</summary>
    public const string ModelRefused = "webauthn_model_refused";

    /// <summary>A list of authenticator models (FIDO MDS) that is not one, or that nobody trusted has signed.</summary>
    public const string MetadataInvalid = "webauthn_metadata_invalid";
    public const string CredentialUnexpected = "webauthn_credential_unexpected";
    public const string UserHandleUnexpected = "webauthn_user_handle_unexpected";
    public const string SignatureInvalid = "webauthn_signature_invalid";
}
