using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>One thing that is said of a model, and since when: MDS 3.0 §3.1.3.</summary>
/// <param name="Certificate">The attestation certificate (or its authority) that it is about; null: the whole model.</param>
public sealed record MetadataStatus(string Status, DateOnly? Since, byte[]? Certificate);

/// <summary>What the metadata says of one authenticator model: MDS 3.0 §3.1.1.</summary>
/// <param name="Aaguid">Null for U2F, whose certificates name the model by their keys.</param>
/// <param name="Anchors">DER certificates.</param>
public sealed record MetadataEntry(Guid? Aaguid, string Description, IReadOnlyList<byte[]> Anchors, IReadOnlyList<MetadataStatus> Statuses)
{
    private const string NotCertified = "NOT_FIDO_CERTIFIED", Asserted = "SELF_ASSERTION_SUBMITTED", CertifiedPrefix = "FIDO_CERTIFIED";

    /// <summary>§3.1.4: what nobody should go on trusting.</summary>
    private static readonly FrozenSet<string> forbidding =
        new[] { "REVOKED", "USER_VERIFICATION_BYPASS", "ATTESTATION_KEY_COMPROMISE", "USER_KEY_REMOTE_COMPROMISE", "USER_KEY_PHYSICAL_COMPROMISE" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The first status that forbids the model, or the path; null when there is none. A later report that all is well takes nothing back: it speaks of
    /// newer firmware, and which one a device has is not told.
    /// </summary>
    /// <param name="path">The certificates that came; empty when none are at hand: then only what is said of the whole model counts.</param>
    public string? Forbidden(IReadOnlyList<X509Certificate2> path, DateOnly today)
    {
        foreach (var report in Statuses)
            if (forbidding.Contains(report.Status) && !(report.Since > today)
                && (report.Certificate is null || path.Any(c => c.RawDataMemory.Span.SequenceEqual(report.Certificate)))) return report.Status;
        return null;
    }

    /// <summary>Whether the last report on certification says that it is certified by FIDO, at whatever level.</summary>
    public bool IsCertified(DateOnly today)
    {
        var last = Statuses.Where(r => !(r.Since > today) && (r.Status is NotCertified or Asserted || r.Status.StartsWith(CertifiedPrefix, StringComparison.Ordinal)))
            .OrderBy(r => r.Since ?? DateOnly.MinValue).LastOrDefault();
        return last?.Status.StartsWith(CertifiedPrefix, StringComparison.Ordinal) == true;
    }

    /// <summary>Whether one of the model's anchors stands behind the attestation. None and self prove nothing of a model.</summary>
    public bool StandsBehind(Attestation attestation, DateTimeOffset at)
    {
        if (attestation.Path.Count == 0) return false;
        List<X509Certificate2> anchors = [];
        try
        {
            foreach (var anchor in Anchors) anchors.Add(X509CertificateLoader.LoadCertificate(anchor));
            return CertificatePath.Leads(attestation.Path[0], attestation.Path.Skip(1), anchors, at);
        }
        catch (CryptographicException)
        {
            return false;     // one of the metadata's certificates cannot be read: nothing is proved by it
        }
        finally
        {
            foreach (var anchor in anchors) anchor.Dispose();
        }
    }
}
