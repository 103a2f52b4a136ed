using System.Security.Cryptography;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>Verifying an assertion: WebAuthn Level 3 §7.2, with its step numbers.</summary>
public static class Authentication
{
    /// <summary>RSA with 8192 bits.</summary>
    public const int MaxSignatureLength = 1024;

    /// <summary>WebAuthn §5.4.3.</summary>
    public const int MaxUserHandleLength = 64;

    /// <param name="stored">The credential of this id, found by the caller.</param>
    public static Result<VerifiedAssertion, WebAuthnError> Verify(AuthenticationResponse response, StoredCredential stored, AuthenticationExpectation expected)
    {
        // 1., 2.  The options and the call are the page's.
        // 3., 4.  The response's kind follows from its members; no extension is asked for.
        // 5. One of the credentials that were named, when any was.
        if (expected.AllowedCredentials.Count > 0 && !expected.AllowedCredentials.Any(id => id.AsSpan().SequenceEqual(response.Id)))
            return new WebAuthnError(WebAuthnError.CredentialUnexpected, "The credential is not one that was asked for.");
        // 6. Whose credential it is: the one that was found, and hers who the authenticator says she is.
        if (!response.Id.AsSpan().SequenceEqual(stored.Id)) return new WebAuthnError(WebAuthnError.CredentialUnexpected, "The credential is another one.");
        if (response.UserHandle is null ? expected.RequireUserHandle : !response.UserHandle.AsSpan().SequenceEqual(stored.UserHandle))
            return new WebAuthnError(WebAuthnError.UserHandleUnexpected, "The user handle is missing or somebody else's.");
        // 7. The parts, as far as we read.
        if (response.Signature.Length > MaxSignatureLength) return new WebAuthnError(WebAuthnError.TooLarge, "The signature is longer than any we verify.");
        // 8. to 14.
        if (Ceremony.CheckClientData(response.ClientData, "webauthn.get", expected) is { } refused) return refused;
        if (!AuthenticatorData.Parse(response.AuthenticatorData).TryGet(out var data, out var error)) return error;
        // 15. to 18.
        if (Ceremony.CheckAuthenticatorData(data, expected) is { } wrong) return wrong;
        // 19. Eligibility is a property of the credential: one that changes is not that credential. The state is reported; no policy refuses it.
        if (Ceremony.CheckBackupPolicy(data, expected) is { } synced) return synced;
        if (data.BackupEligible != stored.BackupEligible) return new WebAuthnError(WebAuthnError.BackupInconsistent, "The credential's backup eligibility has changed.");
        // 20. The hash of the client data.
        Span<byte> signed = new byte[response.AuthenticatorData.Length + SHA256.HashSizeInBytes];
        response.AuthenticatorData.CopyTo(signed);
        SHA256.HashData(response.ClientData, signed[response.AuthenticatorData.Length..]);
        // 21. The signature.
        if (!CoseKey.Parse(stored.PublicKey).TryGet(out var key, out error)) return error;
        if (!key.Verify(signed, response.Signature)) return new WebAuthnError(WebAuthnError.SignatureInvalid, "The signature is not the credential's.");
        // 22. The counter: zero on both sides says that it does not count.
        var regressed = (data.SignCount != 0 || stored.SignCount != 0) && data.SignCount <= stored.SignCount;
        // 23.  Extension outputs are ignored: none was asked for.
        // 24.  What to write back is the caller's to write. 25.  So is going on with the sign-in.
        return new VerifiedAssertion(data.SignCount, regressed, data.UserVerified, data.BackupEligible, data.BackedUp);
    }
}
