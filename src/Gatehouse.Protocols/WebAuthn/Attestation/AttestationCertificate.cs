using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>What several formats ask of the attestation certificate.</summary>
internal static class AttestationCertificate
{
    /// <summary>id-fido-gen-ce-aaguid: WebAuthn §8.2.1.</summary>
    private const string AaguidOid = "1.3.6.1.4.1.45724.1.1.4";

    /// <summary>X.509 version 3, and no certificate authority of its own.</summary>
    internal static bool IsLeaf(X509Certificate2 certificate) =>
        certificate.Version == 3 && certificate.Extensions.OfType<X509BasicConstraintsExtension>().SingleOrDefault() is { CertificateAuthority: false };

    /// <summary>Where the certificate names an authenticator model, it is this one's. The extension is never critical.</summary>
    internal static bool FitsAaguid(X509Certificate2 certificate, Guid aaguid)
    {
        if (Find(certificate, AaguidOid) is not { } extension) return true;
        return !extension.Critical && AsnDecoder.ReadOctetString(extension.RawData, AsnEncodingRules.DER, out var read).AsSpan().SequenceEqual(aaguid.ToByteArray(bigEndian: true))
            && read == extension.RawData.Length;
    }

    internal static X509Extension? Find(X509Certificate2 certificate, string oid)
    {
        foreach (var extension in certificate.Extensions)
            if (extension.Oid?.Value == oid) return extension;
        return null;
    }

    /// <summary>One attribute of the subject; null when it is absent or there more than once.</summary>
    internal static string? Subject(X509Certificate2 certificate, string oid)
    {
        string? found = null;
        foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (name.HasMultipleElements || name.GetSingleElementType().Value != oid) continue;
            if (found is not null) return null;
            found = name.GetSingleElementValue();
        }
        return found;
    }
}
