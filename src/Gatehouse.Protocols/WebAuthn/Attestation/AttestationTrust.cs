using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>
/// Whose attestations are believed: certificate authorities, or authenticators' own certificates, that the caller has from a source it
/// trusts. Nothing is fetched; revocation is the metadata's to tell.
/// </summary>
/// <param name="Anchors">Roots; or the attestation certificates themselves.</param>
/// <param name="At">The time that certificates must be valid at.</param>
/// <param name="AcceptsUnattested">Whether none and self will do.</param>
public sealed record AttestationTrust(IReadOnlyList<X509Certificate2> Anchors, DateTimeOffset At, bool AcceptsUnattested)
{
    internal bool Covers(Attestation attestation)
    {
        if (attestation.Path.Count == 0) return AcceptsUnattested;
        var leaf = attestation.Path[0];
        foreach (var anchor in Anchors)
            if (anchor.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span)) return true;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = At.UtcDateTime;
        // A TPM's certificate has a critical alternative name of directory form, which the chain engine does not read.
        foreach (var anchor in Anchors) policy.CustomTrustStore.Add(anchor);
        for (var i = 1; i < attestation.Path.Count; i++) policy.ExtraStore.Add(attestation.Path[i]);
        return chain.Build(leaf);
    }
}
