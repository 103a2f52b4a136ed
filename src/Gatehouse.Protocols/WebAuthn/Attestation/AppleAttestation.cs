using System.Formats.Asn1;
using System.Security.Cryptography;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary><c>apple</c>, anonymous attestation: WebAuthn §8.8.</summary>
internal static class AppleAttestation
{
    private const string NonceOid = "1.2.840.113635.100.8.2";

    internal static Result<Attestation, WebAuthnError> Verify(AttestationFacts facts)
    {
        // 1. The statement has its form: certificates, and since 2021 nothing else.
        if (AttestationFormats.Certificates(facts.Statement) is not { } path) return AttestationFormats.Invalid("x5c is missing.");
        // 2., 3. The nonce.
        var nonce = SHA256.HashData(facts.ToBeSigned);
        // 4. It stands in the certificate: made for this ceremony.
        if (AttestationCertificate.Find(path[0], NonceOid) is not { } extension || !Nonce(extension.RawData).AsSpan().SequenceEqual(nonce)) return AttestationFormats.Invalid("The certificate was made for another ceremony.");
        // 5. And it is about this key.
        return facts.Credential.Key.IsKeyOf(path[0]) ? new Attestation(AttestationKind.AnonymizationCa, path) : AttestationFormats.Invalid("The certificate is about another key.");
    }

    /// <summary><c>SEQUENCE { [1] EXPLICIT OCTET STRING }</c>.</summary>
    private static byte[] Nonce(byte[] der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var tagged = sequence.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 1, isConstructed: true));
        sequence.ThrowIfNotEmpty();
        var nonce = tagged.ReadOctetString();
        tagged.ThrowIfNotEmpty();
        return nonce;
    }
}
