using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>Whether a certificate leads to one of some anchors. Nothing is fetched and no revocation list is asked.</summary>
internal static class CertificatePath
{
    /// <param name="others">What came with it: intermediate authorities, in any order.</param>
    /// <param name="anchors">Authorities, at the root or below one; or the certificate itself.</param>
    internal static bool Leads(X509Certificate2 leaf, IEnumerable<X509Certificate2> others, IReadOnlyList<X509Certificate2> anchors, DateTimeOffset at)
    {
        if (anchors.Any(a => Same(a, leaf))) return true;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = at.UtcDateTime;
        // Anchors need not be roots: the chain may end below one, and must then hold an anchor, which is asked afterwards.
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        foreach (var anchor in anchors) policy.CustomTrustStore.Add(anchor);
        foreach (var other in others) policy.ExtraStore.Add(other);
        return chain.Build(leaf) && chain.ChainElements.Skip(1).Any(e => anchors.Any(a => Same(a, e.Certificate)));
    }

    private static bool Same(X509Certificate2 a, X509Certificate2 b) => a.RawDataMemory.Span.SequenceEqual(b.RawDataMemory.Span);
}
