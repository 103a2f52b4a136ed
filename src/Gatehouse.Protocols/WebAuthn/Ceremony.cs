using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>The steps that registration and authentication share; numbered as in §7.1, with those of §7.2 in brackets.</summary>
internal static class Ceremony
{
    /// <summary>Fewest bytes of a challenge: WebAuthn §13.4.3.</summary>
    internal const int MinChallengeLength = 16;

    internal static WebAuthnError? CheckClientData(byte[] raw, string type, CeremonyExpectation expected)
    {
        // 5., 6. [8., 9.] Decode and parse the client data.
        if (!ClientData.Parse(raw).TryGet(out var client, out var error)) return error;
        // 7. [10.] The type: a registration must not pass for a sign-in.
        if (client.Type != type) return new(WebAuthnError.TypeUnexpected, "The client data is not of this ceremony.");
        // 8. [11.] The challenge. Too short an expected one is the caller's bug, and must not let anything pass.
        if (expected.Challenge.Length < MinChallengeLength) throw new ArgumentException($"A challenge has at least {MinChallengeLength} bytes.", nameof(expected));
        if (!CryptographicOperations.FixedTimeEquals(client.Challenge, expected.Challenge.Span)) return new(WebAuthnError.ChallengeUnexpected, "The challenge is not the one that was issued.");
        // 9. [12.] The origin.
        if (!expected.Origins.Contains(client.Origin, StringComparer.Ordinal)) return new(WebAuthnError.OriginUnexpected, "The origin is not ours.");
        // 10. [13.] In another site's frame: only where frames are expected at all.
        if (client.CrossOrigin && expected.TopOrigins.Count == 0) return new(WebAuthnError.CrossOrigin, "The ceremony ran inside another origin's frame.");
        // 11. [14.] And then only in those of the pages that are listed. A top origin without the flag is one that §5.8.1 lets no browser write.
        if (client.TopOrigin is { } top ? !client.CrossOrigin || !expected.TopOrigins.Contains(top, StringComparer.Ordinal) : client.CrossOrigin && expected.RequireTopOrigin)
            return new(WebAuthnError.CrossOrigin, "The outermost page is not said, or not one that may hold ours.");
        return null;
    }

    internal static WebAuthnError? CheckAuthenticatorData(AuthenticatorData data, CeremonyExpectation expected)
    {
        // 14. [15.] The relying party. App ID extensions are not supported: no credential of ours is older than WebAuthn.
        if (!data.RpIdHash.SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(expected.RpId)))) return new(WebAuthnError.RpIdUnexpected, "The credential is another relying party's.");
        // 15. [16.] Presence, always: we do not register conditionally, so the exception of step 15 does not arise.
        if (!data.UserPresent) return new(WebAuthnError.UserNotPresent, "Nobody was present.");
        // 16. [17.] Verification, where it was required.
        if (expected.RequireUserVerification && !data.UserVerified) return new(WebAuthnError.UserNotVerified, "The authenticator did not verify the person.");
        // 17. [18.] Backed up without being able to be.
        if (!data.BackupEligible && data.BackedUp) return new(WebAuthnError.BackupInconsistent, "The credential is backed up and not eligible for it.");
        return null;
    }

    /// <summary>18. [19.]: a policy about backup eligibility.</summary>
    internal static WebAuthnError? CheckBackupPolicy(AuthenticatorData data, CeremonyExpectation expected) =>
        data.BackupEligible && !expected.AllowBackupEligible ? new(WebAuthnError.BackupRefused, "The credential may live on several devices, which is not allowed here.") : null;
}
