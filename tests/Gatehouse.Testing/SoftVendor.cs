using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Testing;

/// <summary>What an attestation statement is about.</summary>
public sealed record SoftAttestation(byte[] AuthenticatorData, byte[] ClientDataHash, ECDsa CredentialKey)
{
    public byte[] ToBeSigned => [.. AuthenticatorData, .. ClientDataHash];
}

/// <summary>A maker of authenticators: its own certificate authority, and attestation in the formats tests need.</summary>
public sealed class SoftVendor : IDisposable
{
    private const string AaguidOid = "1.3.6.1.4.1.45724.1.1.4", KeyDescriptionOid = "1.3.6.1.4.1.11129.2.1.17";
    private static readonly DateTimeOffset from = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), until = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public SoftVendor()
    {
        var request = new CertificateRequest("CN=Soft Vendor Root", rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Root = request.CreateSelfSigned(from, until);
        Aaguid = Guid.NewGuid();
        Batch = Issue("C=US, O=Soft Vendor, OU=Authenticator Attestation, CN=Soft Key 1", key, new X509Extension(AaguidOid, Octets(Aaguid.ToByteArray(bigEndian: true)), false));
    }

    public X509Certificate2 Root { get; }

    /// <summary>The one model it makes.</summary>
    public Guid Aaguid { get; }

    /// <summary>The certificate of the model's batch.</summary>
    public X509Certificate2 Batch { get; }

    /// <summary>An authenticator of this maker, attested as <c>packed</c>.</summary>
    public SoftAuthenticator NewAuthenticator() => new() { Aaguid = Aaguid, Flags = 0x05, Attest = Packed };

    public (string, byte[]) Packed(SoftAttestation what) => ("packed", Cbor.Map(
        (Cbor.Text("alg"), Cbor.Number(-7)), (Cbor.Text("sig"), Cbor.Bytes(Sign(key, what.ToBeSigned))), (Cbor.Text("x5c"), Cbor.Array(Cbor.Bytes(Batch.RawData)))));

    public static (string, byte[]) Self(SoftAttestation what) => ("packed", Cbor.Map(
        (Cbor.Text("alg"), Cbor.Number(-7)), (Cbor.Text("sig"), Cbor.Bytes(Sign(what.CredentialKey, what.ToBeSigned)))));

    /// <summary><c>android-key</c>, with what the two lists say of purpose and origin.</summary>
    public (string, byte[]) AndroidKey(SoftAttestation what, (int? Purpose, int? Origin) software, (int? Purpose, int? Origin) hardware)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            writer.WriteEnumeratedValue(Level.TrustedEnvironment);
            writer.WriteInteger(4);
            writer.WriteEnumeratedValue(Level.TrustedEnvironment);
            writer.WriteOctetString(what.ClientDataHash);
            writer.WriteOctetString([]);
            WriteList(writer, software);
            WriteList(writer, hardware);
        }
        var own = Issue("CN=Android Keystore Key", what.CredentialKey, new X509Extension(KeyDescriptionOid, writer.Encode(), false));
        return ("android-key", Cbor.Map((Cbor.Text("alg"), Cbor.Number(-7)), (Cbor.Text("sig"), Cbor.Bytes(Sign(what.CredentialKey, what.ToBeSigned))),
            (Cbor.Text("x5c"), Cbor.Array(Cbor.Bytes(own.RawData), Cbor.Bytes(Root.RawData)))));
    }

    private static void WriteList(AsnWriter writer, (int? Purpose, int? Origin) list)
    {
        using var sequence = writer.PushSequence();
        if (list.Purpose is { } purpose)
        {
            using var tag = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1));
            using var set = writer.PushSetOf();
            writer.WriteInteger(purpose);
        }
        if (list.Origin is { } origin)
        {
            using var tag = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 702));
            writer.WriteInteger(origin);
        }
    }

    private X509Certificate2 Issue(string subject, ECDsa subjectKey, X509Extension extension)
    {
        var request = new CertificateRequest(new X500DistinguishedName(subject), new PublicKey(subjectKey), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(extension);
        return request.Create(Root, from, until, [1, .. new BigInteger(Guid.NewGuid().ToByteArray(), isUnsigned: true).ToByteArray()[..8]]);
    }

    private static byte[] Octets(byte[] value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(value);
        return writer.Encode();
    }

    private static byte[] Sign(ECDsa key, byte[] data) => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private enum Level { Software, TrustedEnvironment }

    public void Dispose()
    {
        Root.Dispose();
        Batch.Dispose();
        rootKey.Dispose();
        key.Dispose();
    }
}
