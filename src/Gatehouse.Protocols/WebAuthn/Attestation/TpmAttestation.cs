using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary><c>tpm</c>: WebAuthn §8.3, for TPM 2.0. Statements signed with SHA-1 (RS1) are refused.</summary>
internal static class TpmAttestation
{
    private const string AikUsage = "2.23.133.8.3", AlternativeName = "2.5.29.17";
    private static readonly string[] IdentityAttributes = ["2.23.133.2.1", "2.23.133.2.2", "2.23.133.2.3"];   // manufacturer, model, version

    internal static Result<Attestation, WebAuthnError> Verify(AttestationFacts facts)
    {
        // 1. The statement has its form.
        var statement = facts.Statement;
        if (statement.Entries.Count != 6 || statement.TextAt("ver") != "2.0" || statement.NumberAt("alg") is not { } algorithm || statement.BytesAt("sig") is not { } signature
            || statement.BytesAt("certInfo") is not { } certInfo || statement.BytesAt("pubArea") is not { } pubArea || AttestationFormats.Certificates(statement) is not { } path)
            return AttestationFormats.Invalid("The statement is not that of a TPM 2.0.");
        // 2. The TPM's public area is about the credential's key.
        if (TpmPublicArea.Read(pubArea) is not { } area || !area.IsKeyOf(facts.Credential.Key)) return AttestationFormats.Invalid("The public area is about another key.");
        // 3., 4. certInfo certifies that area, for this ceremony. The clock, firmware and signer's name in it are for risk engines.
        if (Hash(algorithm, facts.ToBeSigned) is not { } expected || TpmCertifyInfo.Read(certInfo) is not { } info) return AttestationFormats.Invalid("certInfo does not have its form, or the algorithm is not taken.");
        if (!info.ExtraData.AsSpan().SequenceEqual(expected)) return AttestationFormats.Invalid("certInfo was made for another ceremony.");
        if (!info.Name.AsSpan().SequenceEqual(area.Name)) return AttestationFormats.Invalid("certInfo is about another key.");
        // 5. Signed by the attestation identity key, …
        if (!SignatureCheck.Certificate(path[0], algorithm, certInfo, signature)) return AttestationFormats.Invalid("The signature is not the certificate's.");
        // … whose certificate meets §8.3.1 and names this model when it names any.
        if (!Meets(path[0])) return AttestationFormats.Invalid("The certificate does not meet the requirements of a TPM's attestation key.");
        if (!AttestationCertificate.FitsAaguid(path[0], facts.Credential.Aaguid)) return AttestationFormats.Invalid("The certificate is another authenticator model's.");
        return new Attestation(AttestationKind.Basic, path);
    }

    private static byte[]? Hash(long algorithm, byte[] data) => algorithm switch
    {
        CoseKey.ES256 or CoseKey.RS256 => SHA256.HashData(data),
        CoseKey.ES384 => SHA384.HashData(data),
        CoseKey.ES512 => SHA512.HashData(data),
        _ => null,
    };

    /// <summary>§8.3.1: version 3, empty subject, the TPM's identity as alternative name, the usage of an attestation key, no authority.</summary>
    private static bool Meets(X509Certificate2 certificate) =>
        AttestationCertificate.IsLeaf(certificate)
        && certificate.SubjectName.RawData is [0x30, 0]
        && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SingleOrDefault()?.EnhancedKeyUsages[AikUsage] is not null
        && AttestationCertificate.Find(certificate, AlternativeName) is { } name && NamesTpm(name.RawData);

    /// <summary>A directory name that holds manufacturer, model and version (TCG EK profile §3.2.9).</summary>
    private static bool NamesTpm(byte[] der)
    {
        var names = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (!names.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 4)))
            {
                names.ReadEncodedValue();
                continue;
            }
            HashSet<string> found = [];
            var directory = names.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 4, isConstructed: true)).ReadSequence();
            while (directory.HasData)
            {
                var attributes = directory.ReadSetOf();
                while (attributes.HasData) found.Add(attributes.ReadSequence().ReadObjectIdentifier());
            }
            if (found.IsSupersetOf(IdentityAttributes)) return true;
        }
        return false;
    }
}
