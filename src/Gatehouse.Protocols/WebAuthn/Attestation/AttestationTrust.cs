using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>
/// Whose attestations are believed: certificate authorities, or authenticators' own certificates, that the caller has from a source it
/// trusts. Nothing is fetched; revocation is the metadata's to tell.
/// </summary>
/// <param name="Anchors">Roots, authorities below them, or the attestation certificates themselves.</param>
/// <param name="At">The time that certificates must be valid at.</param>
/// <param name="AcceptsUnattested">Whether none and self will do.</param>
public sealed record AttestationTrust(IReadOnlyList<X509Certificate2> Anchors, DateTimeOffset At, bool AcceptsUnattested)
{
    internal bool Covers(Attestation attestation) =>
        attestation.Path.Count == 0 ? AcceptsUnattested : CertificatePath.Leads(attestation.Path[0], attestation.Path.Skip(1), Anchors, At);
}
