using System.Security.Cryptography;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7518;

/// <summary>A stored private key is taken for its own algorithm and no other.</summary>
public class PrivateKeyTests
{
    [Theory]
    [InlineData("ES256", "ES384")]
    [InlineData("ES384", "ES256")]
    [InlineData("ES256", "RS256")]
    [InlineData("RS256", "ES256")]
    [InlineData("EdDSA", "ES256")]
    [InlineData("ES256", "EdDSA")]
    public void Refuses_the_key_of_another_algorithm(string made, string read)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(made)!);
        Refused(read, key.ExportPkcs8());
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("EdDSA")]
    public void Refuses_bytes_behind_or_missing_from_the_key(string algorithm)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(algorithm)!);
        var pkcs8 = key.ExportPkcs8();
        Refused(algorithm, [.. pkcs8, 0]);
        Refused(algorithm, pkcs8[..^1]);
        Refused(algorithm, []);
    }

    [Theory]
    [InlineData("1.3.132.0.10")]            // secp256k1
    [InlineData("1.3.36.3.3.2.8.1.1.7")]    // brainpoolP256r1
    public void Refuses_another_curve_of_the_same_size(string oid)
    {
        using var other = ECDsa.Create(ECCurve.CreateFromValue(oid));
        other.KeySize.ShouldBe(256);
        Refused("ES256", other.ExportPkcs8PrivateKey());
    }

    [Fact]
    public void Refuses_a_small_rsa_key()
    {
        using var small = RSA.Create(1024);
        Refused("RS256", small.ExportPkcs8PrivateKey());
    }

    [Fact]
    public void Hands_out_copies_of_the_private_key()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        key.ExportPkcs8().AsSpan().Clear();
        Jws.Sign(key, null, null, "{}"u8).Verify(key.PublicKey, null).ShouldSucceed();
        using var copy = SigningKey.ImportPkcs8(JwsAlgorithm.ES256, key.ExportPkcs8());
        copy.PublicKey.KeyId.ShouldBe(key.PublicKey.KeyId);
    }

    [Fact]
    public void Refuses_a_destination_that_is_too_small()
    {
        foreach (var algorithm in JwsAlgorithm.Offered)
        {
            using var key = SigningKey.Generate(algorithm);
            Should.Throw<ArgumentException>(() => key.Sign("x"u8, new byte[key.SignatureLength - 1]), algorithm.Name);
            key.Sign("x"u8, new byte[key.SignatureLength + 9]).ShouldBe(key.SignatureLength);
        }
    }

    private static void Refused(string algorithm, byte[] pkcs8) =>
        Should.Throw<CryptographicException>(() => SigningKey.ImportPkcs8(JwsAlgorithm.TryParse(algorithm)!, pkcs8));
}
