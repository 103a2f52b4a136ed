using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>The list's JWS (RFC 7515) with its certificates in <c>x5c</c>: MDS 3.0 §3.2 steps 4 to 6. <c>x5u</c> is not followed: nothing is fetched.</summary>
internal static class MetadataSignature
{
    private const int MaxHeader = 64 * 1024, MaxCertificates = 6, MaxCertificate = 8 * 1024;

    /// <returns>The payload, which is still to be read.</returns>
    internal static Result<byte[], WebAuthnError> Verify(ReadOnlySpan<byte> jwt, MetadataTrust trust, DateTimeOffset at)
    {
        if (jwt.Length > MetadataBlob.MaxLength) return new WebAuthnError(WebAuthnError.TooLarge, "The list is longer than we read.");
        jwt = jwt.Trim(" \t\r\n"u8);
        var (first, last) = (jwt.IndexOf((byte)'.'), jwt.LastIndexOf((byte)'.'));
        if (first < 1 || last == first || first > MaxHeader) return MetadataBlob.Invalid("The list is not header, payload and signature.");
        if (!TryDecode(jwt[..first], out var head) || !TryDecode(jwt[(first + 1)..last], out var payload) || !TryDecode(jwt[(last + 1)..], out var signature))
            return MetadataBlob.Invalid("A part of the list is not base64url.");
        if (!StrictJson.TryParseObject(head, out var header) || header.TryGetProperty("crit", out _)) return MetadataBlob.Invalid("The header is not one that we understand.");
        if (!header.TryGetProperty("alg", out var alg) || alg.ValueKind != JsonValueKind.String || !header.TryGetProperty("x5c", out var x5c)
            || x5c.ValueKind != JsonValueKind.Array || x5c.GetArrayLength() is 0 or > MaxCertificates) return MetadataBlob.Invalid("alg or x5c is missing.");
        List<X509Certificate2> path = [];
        try
        {
            foreach (var item in x5c.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 and <= MaxCertificate } encoded) return MetadataBlob.Invalid("x5c is not a list of certificates.");
                path.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(encoded)));
            }
            if (!CertificatePath.Leads(path[0], path.Skip(1), trust.Roots, at)) return MetadataBlob.Invalid("No root that is trusted stands behind the list.");
            // The root signs for half of the web: only this name may speak for authenticators.
            if (trust.SignerName is { } name && !path[0].MatchesHostname(name, allowWildcards: false)) return MetadataBlob.Invalid("The list is signed in another name.");
            // The host's certificate may be long expired when an anchor itself was given; a chain has its times checked.
            if (at < path[0].NotBefore.ToUniversalTime() || at > path[0].NotAfter.ToUniversalTime()) return MetadataBlob.Invalid("The signer's certificate is not valid at this time.");
            return Signs(path[0], alg.GetString()!, jwt[..last], signature) ? payload : MetadataBlob.Invalid("The signature is not the certificate's.");
        }
        catch (Exception problem) when (problem is CryptographicException or FormatException or ArgumentException)
        {
            return MetadataBlob.Invalid("A certificate of the list cannot be read.");
        }
        finally
        {
            foreach (var certificate in path) certificate.Dispose();
        }
    }

    /// <summary>RFC 7518 §3.3, §3.4. Never the header's choice alone: the key must be of the algorithm's kind.</summary>
    private static bool Signs(X509Certificate2 certificate, string algorithm, ReadOnlySpan<byte> signed, byte[] signature)
    {
        var hash = algorithm[2..] switch { "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => default };
        if (hash.Name is null) return false;
        if (algorithm.StartsWith("RS", StringComparison.Ordinal))
        {
            using var rsa = certificate.GetRSAPublicKey();
            return rsa is { KeySize: >= JsonWebKeyReader.MinRsaBits and <= JsonWebKeyReader.MaxRsaBits } && rsa.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1);
        }
        using var ecdsa = certificate.GetECDsaPublicKey();
        return algorithm is "ES256" or "ES384" or "ES512" && ecdsa?.KeySize == (algorithm switch { "ES256" => 256, "ES384" => 384, _ => 521 })
            && ecdsa.VerifyData(signed, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text) || text.ContainsAny("= \t\r\n"u8)) return false;
        bytes = Base64Url.DecodeFromUtf8(text);
        return true;
    }
}
