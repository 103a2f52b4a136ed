using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.Testing;

/// <summary>A metadata service with an authority of its own: makes lists of authenticators in the form of FIDO MDS 3.</summary>
public sealed class SoftMetadata : IDisposable
{
    private readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 middle, signer;

    public SoftMetadata(string name = "mds.fidoalliance.org", DateTimeOffset? until = null)
    {
        var (from, end) = (new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Root = Authority("CN=Soft Metadata Root", rootKey).CreateSelfSigned(from, end);
        middle = Authority("CN=Soft Metadata Intermediate", middleKey).Create(Root, from, end, [2]);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var issuer = middle.CopyWithPrivateKey(middleKey);
        signer = request.Create(issuer, from, until ?? end, [3]);
    }

    public X509Certificate2 Root { get; }
    public X509Certificate2 Intermediate => middle;

    public static JsonObject Entry(SoftVendor vendor, params IReadOnlyList<(string Status, string Since)> statuses) => new()
    {
        ["aaguid"] = vendor.Aaguid.ToString(),
        ["metadataStatement"] = new JsonObject { ["description"] = "Soft Key 1", ["attestationRootCertificates"] = new JsonArray(Convert.ToBase64String(vendor.Root.RawData)) },
        ["statusReports"] = new JsonArray([.. statuses.Select(s => (JsonNode)new JsonObject { ["status"] = s.Status, ["effectiveDate"] = s.Since })]),
        ["timeOfLastStatusChange"] = "2024-01-01",
    };

    public static JsonObject Payload(long number, DateOnly nextUpdate, params IReadOnlyList<JsonObject> entries) => new()
    {
        ["legalHeader"] = "Made by a test.", ["no"] = number, ["nextUpdate"] = nextUpdate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["entries"] = new JsonArray([.. entries]),
    };

    public string Sign(JsonObject payload, JsonObject? header = null)
    {
        header ??= Header();
        var signed = $"{Text(JsonSerializer.SerializeToUtf8Bytes(header))}.{Text(JsonSerializer.SerializeToUtf8Bytes(payload))}";
        return $"{signed}.{Text(key.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    public JsonObject Header() => new() { ["typ"] = "JWT", ["alg"] = "ES256", ["x5c"] = new JsonArray(Convert.ToBase64String(signer.RawData), Convert.ToBase64String(middle.RawData)) };

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose()
    {
        Root.Dispose();
        middle.Dispose();
        signer.Dispose();
        rootKey.Dispose();
        middleKey.Dispose();
        key.Dispose();
    }
}
