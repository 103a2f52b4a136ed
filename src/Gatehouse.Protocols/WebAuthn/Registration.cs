using System.Security.Cryptography;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>Registering a new credential: WebAuthn Level 3 §7.1, with its step numbers.</summary>
public static class Registration
{
    /// <summary>Attestation objects with certificate chains have 1 to 6 KiB.</summary>
    public const int MaxAttestationObjectLength = 16 * 1024;

    public static Result<RegisteredCredential, WebAuthnError> Verify(RegistrationResponse response, RegistrationExpectation expected)
    {
        // 1., 2.  The options and the call are the page's.
        // 3.  The response's kind follows from its members.
        // 4.  Client extension results are not read: no extension is asked for.
        // 5. to 11.
        if (Ceremony.CheckClientData(response.ClientData, "webauthn.create", expected) is { } refused) return refused;
        // 12. The hash of the client data.
        var clientDataHash = SHA256.HashData(response.ClientData);
        // 13. The attestation object.
        if (response.AttestationObject.Length > MaxAttestationObjectLength) return new WebAuthnError(WebAuthnError.TooLarge, "The attestation object is longer than we read.");
        if (!CborParser.TryReadAll(response.AttestationObject, out var item) || item.Kind != CborKind.Map || item.Entries.Count != 3
            || item.TextAt("fmt") is not { } format || item.BytesAt("authData") is not { } raw || item.Find("attStmt") is not { Kind: CborKind.Map } statement)
            return new WebAuthnError(WebAuthnError.Malformed, "The attestation object is not fmt, authData and attStmt.");
        if (!AuthenticatorData.Parse(raw).TryGet(out var data, out var error)) return error;
        if (data.Credential is not { } credential) return new WebAuthnError(WebAuthnError.Malformed, "The authenticator data holds no credential.");
        // 14. to 17.
        if (Ceremony.CheckAuthenticatorData(data, expected) is { } wrong) return wrong;
        // 18. Backup eligibility, where there is a policy for it. 19.  The state is reported: it changes, and nothing here rests on it.
        if (Ceremony.CheckBackupPolicy(data, expected) is { } synced) return synced;
        // 20. The algorithm is one that was offered.
        if (!expected.Algorithms.Contains(credential.Key.Algorithm)) return new WebAuthnError(WebAuthnError.AlgorithmUnsupported, "The key's algorithm was not offered.");
        // 21. The statement's format. 22. The statement, by its format's own procedure.
        if (!expected.Formats.Contains(format, StringComparer.Ordinal)) return new WebAuthnError(WebAuthnError.FormatUnsupported, "The attestation format is not taken.");
        if (!AttestationFormats.Verify(format, new(statement, data, credential, clientDataHash, expected.AsksForTrust)).TryGet(out var attestation, out error)) return error;
        // 23., 24.  Who stands behind it: known anchors, or the caller's judgement of the model.
        if (expected.Trust is { } trust && !trust.Covers(attestation)) return new WebAuthnError(WebAuthnError.AttestationUntrusted, "No trust anchor stands behind the attestation.");
        if (expected.Judge?.Invoke(new(credential.Aaguid, format, attestation)) is { } unwanted) return unwanted;
        // 25. The id's length: AttestedCredential has refused more than 1023 bytes. The browser's word and the authenticator's must agree.
        if (!response.Id.AsSpan().SequenceEqual(credential.Id)) return new WebAuthnError(WebAuthnError.CredentialUnexpected, "The credential's id differs from the one in the authenticator data.");
        // 26.  Whether the id is registered already is the caller's to ask, in the statement that stores it.
        // 27. The credential record. 28.  Extension outputs are ignored, as the step allows: none was asked for. 29.  Storing is the caller's.
        return new RegisteredCredential(credential.Id, credential.EncodedKey, credential.Key.Algorithm, data.SignCount, credential.Aaguid, data.UserVerified,
            data.BackupEligible, data.BackedUp, format, attestation.Kind);
    }
}
