using System.Security.Cryptography.X509Certificates;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary><c>packed</c>: WebAuthn §8.2.</summary>
internal static class PackedAttestation
{
    private const string Country = "2.5.4.6", Organization = "2.5.4.10", Unit = "2.5.4.11", CommonName = "2.5.4.3";

    internal static Result<Attestation, WebAuthnError> Verify(AttestationFacts facts)
    {
        // 1. The statement has its form. ECDAA, of earlier levels, is refused with everything else that is not listed.
        if (facts.Statement.NumberAt("alg") is not { } algorithm || facts.Statement.BytesAt("sig") is not { } signature) return AttestationFormats.Invalid("alg or sig is missing.");
        if (facts.Statement.Find("x5c") is null) return VerifySelf(facts, algorithm, signature);
        if (facts.Statement.Entries.Count != 3 || AttestationFormats.Certificates(facts.Statement) is not { } path) return AttestationFormats.Invalid("The statement is not alg, sig and x5c.");

        // 2. With certificates: the first one's key made the signature, …
        var own = path[0];
        if (!SignatureCheck.Certificate(own, algorithm, facts.ToBeSigned, signature)) return AttestationFormats.Invalid("The signature is not the attestation certificate's.");
        // … it meets §8.2.1, and names this model when it names any.
        if (!Meets(own)) return AttestationFormats.Invalid("The certificate does not meet the requirements of packed attestation.");
        if (!AttestationCertificate.FitsAaguid(own, facts.Credential.Aaguid)) return AttestationFormats.Invalid("The certificate is another authenticator model's.");
        return new Attestation(AttestationKind.Basic, path);
    }

    /// <summary>3. Self attestation: the credential signs for itself.</summary>
    private static Result<Attestation, WebAuthnError> VerifySelf(AttestationFacts facts, long algorithm, byte[] signature) =>
        facts.Statement.Entries.Count != 2 || algorithm != facts.Credential.Key.Algorithm ? AttestationFormats.Invalid("The statement's algorithm is not the credential's.")
        : !facts.Credential.Key.Verify(facts.ToBeSigned, signature) ? AttestationFormats.Invalid("The signature is not the credential's own.")
        : new Attestation(AttestationKind.Self, []);

    /// <summary>§8.2.1.</summary>
    private static bool Meets(X509Certificate2 certificate) =>
        AttestationCertificate.IsLeaf(certificate)
        && AttestationCertificate.Subject(certificate, Country) is { Length: 2 }
        && AttestationCertificate.Subject(certificate, Organization) is { Length: > 0 }
        && AttestationCertificate.Subject(certificate, Unit) == "Authenticator Attestation"
        && AttestationCertificate.Subject(certificate, CommonName) is { Length: > 0 };
}
