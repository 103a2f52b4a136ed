using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>What a statement proves of its authenticator: WebAuthn §6.5.4.</summary>
public enum AttestationKind { None, Self, Basic, AnonymizationCa }

/// <summary>A sound statement.</summary>
/// <param name="Path">The certificates it came with, its own first; empty for none and self.</param>
public sealed record Attestation(AttestationKind Kind, IReadOnlyList<X509Certificate2> Path);

/// <summary>What of an authenticator can be judged.</summary>
/// <param name="Aaguid">Its model; all zero for U2F, whose certificates name it. By its own word, unless somebody trusted stands behind the attestation.</param>
public sealed record AttestedAuthenticator(Guid Aaguid, string Format, Attestation Attestation);

/// <summary>The formats of WebAuthn §8. Each verifies the statement's own soundness; who stands behind it is <see cref="AttestationTrust"/>'s.</summary>
public static class AttestationFormats
{
    public const string None = "none", Packed = "packed", Tpm = "tpm", AndroidKey = "android-key", Apple = "apple", FidoU2f = "fido-u2f";

    /// <summary>Those verified here. Not <c>android-safetynet</c>, whose service has ended, and not <c>compound</c>.</summary>
    public static IReadOnlyList<string> All { get; } = [None, Packed, Tpm, AndroidKey, Apple, FidoU2f];

    /// <summary>Longest chains seen have four certificates of 1 to 2 KiB.</summary>
    private const int MaxCertificates = 6, MaxCertificateLength = 8 * 1024;

    internal static Result<Attestation, WebAuthnError> Verify(string format, AttestationFacts facts)
    {
        try
        {
            return format switch
            {
                None => facts.Statement.Entries.Count == 0 ? new Attestation(AttestationKind.None, []) : Invalid("A statement of format none says nothing (§8.7)."),
                Packed => PackedAttestation.Verify(facts),
                Tpm => TpmAttestation.Verify(facts),
                AndroidKey => AndroidKeyAttestation.Verify(facts),
                Apple => AppleAttestation.Verify(facts),
                FidoU2f => FidoU2fAttestation.Verify(facts),
                _ => new WebAuthnError(WebAuthnError.FormatUnsupported, "The attestation format is not supported."),
            };
        }
        // Certificates and their extensions are the sender's bytes, read by the platform's parsers.
        catch (Exception problem) when (problem is CryptographicException or System.Formats.Asn1.AsnContentException or ArgumentException)
        {
            return Invalid("A certificate of the statement cannot be read.");
        }
    }

    /// <summary>The certificates of <c>x5c</c>, or null when it is not a list of some.</summary>
    internal static IReadOnlyList<X509Certificate2>? Certificates(CborItem statement)
    {
        if (statement.Find("x5c") is not { Kind: CborKind.Array, Items: { Count: > 0 and <= MaxCertificates } items }) return null;
        List<X509Certificate2> path = [];
        foreach (var item in items)
        {
            if (item is not { Kind: CborKind.Bytes, Bytes.Length: > 0 and <= MaxCertificateLength }) return null;
            path.Add(X509CertificateLoader.LoadCertificate(item.Bytes));
        }
        return path;
    }

    internal static WebAuthnError Invalid(string detail) => new(WebAuthnError.AttestationInvalid, detail);
}

/// <summary>What every format's procedure works on.</summary>
/// <param name="Trusted">Somebody rests on what is proved, not only on its soundness.</param>
internal sealed record AttestationFacts(CborItem Statement, AuthenticatorData Data, AttestedCredential Credential, byte[] ClientDataHash, bool Trusted)
{
    /// <summary><c>attToBeSigned</c>: authenticator data and client data hash.</summary>
    internal byte[] ToBeSigned { get; } = [.. Data.Raw, .. ClientDataHash];
}
