using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>Signatures in the forms of WebAuthn §6.5.5: ECDSA as ASN.1, RSA as PKCS#1 v1.5 with SHA-256.</summary>
internal static class SignatureCheck
{
    internal static bool Ecdsa(ECDsa key, long algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var hash = algorithm switch { CoseKey.ES256 => HashAlgorithmName.SHA256, CoseKey.ES384 => HashAlgorithmName.SHA384, CoseKey.ES512 => HashAlgorithmName.SHA512, _ => default };
        return hash.Name is not null && key.VerifyData(data, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    internal static bool Rsa(RSA key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>Whether an attestation certificate's key made the signature with this COSE algorithm.</summary>
    internal static bool Certificate(X509Certificate2 certificate, long algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            if (algorithm == CoseKey.RS256)
            {
                using var rsa = certificate.GetRSAPublicKey();
                return rsa is { KeySize: >= Jose.JsonWebKeyReader.MinRsaBits and <= Jose.JsonWebKeyReader.MaxRsaBits } && Rsa(rsa, data, signature);
            }
            using var ecdsa = certificate.GetECDsaPublicKey();
            return ecdsa is not null && Ecdsa(ecdsa, algorithm, data, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
