using System.Security.Cryptography.X509Certificates;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary><c>fido-u2f</c>: WebAuthn §8.6.</summary>
internal static class FidoU2fAttestation
{
    internal static Result<Attestation, WebAuthnError> Verify(AttestationFacts facts)
    {
        // 1., 2. The statement has its form, with exactly one certificate whose key is on P-256.
        if (facts.Statement.Entries.Count != 2 || facts.Statement.BytesAt("sig") is not { } signature) return AttestationFormats.Invalid("The statement is not sig and x5c.");
        if (AttestationFormats.Certificates(facts.Statement) is not [var own]) return AttestationFormats.Invalid("There is not exactly one certificate.");
        using var key = own.GetECDsaPublicKey();
        if (key is not { KeySize: 256 }) return AttestationFormats.Invalid("The certificate's key is not on P-256.");
        // 3., 4. The credential's key in the form of U2F.
        if (facts.Credential.Key is not { Algorithm: CoseKey.ES256 } credential) return AttestationFormats.Invalid("The credential's key is not one of U2F.");
        // 5., 6. The signature over U2F's own message.
        byte[] message = [0, .. facts.Data.RpIdHash, .. facts.ClientDataHash, .. facts.Credential.Id, 4, .. credential.X, .. credential.Y];
        return SignatureCheck.Certificate(own, CoseKey.ES256, message, signature)
            ? new Attestation(AttestationKind.Basic, [own])
            : AttestationFormats.Invalid("The signature is not the attestation certificate's.");
    }
}
