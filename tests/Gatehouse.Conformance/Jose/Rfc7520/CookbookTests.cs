using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7520;

/// <summary>The JOSE cookbook (RFC 7520 §3, §4), RFC 8037 appendix A.4 and RFC 7797, from their published files.</summary>
public class CookbookTests
{
    private static readonly string[] privateMembers = ["d", "p", "q", "dp", "dq", "qi"];

    [Theory]
    [InlineData("jws/4_1.rsa_v15_signature.json")]
    [InlineData("jws/4_2.rsa-pss_signature.json")]
    [InlineData("jws/4_3.ecdsa_signature.json")]
    [InlineData("curve25519/jws.json")]
    public void Verifies_the_signature(string file)
    {
        var example = Vectors.Read($"jose-cookbook/{file}");
        var (input, token) = (example.GetProperty("input"), example.GetProperty("output").GetProperty("compact").GetString()!);
        var key = JsonWebKey.Parse(Public(input.GetProperty("key"))).ShouldSucceed();
        var algorithm = JwsAlgorithm.TryParse(input.GetProperty("alg").GetString());
        var verified = Jws.Verify(token, Expect.Key(key, algorithm: algorithm)).ShouldSucceed();
        Encoding.UTF8.GetString(verified.Payload.Span).ShouldBe(input.GetProperty("payload").GetString());
    }

    [Fact]
    public void Verifies_and_writes_the_hmac()
    {
        var example = Vectors.Read("jose-cookbook/jws/4_4.hmac-sha2_integrity_protection.json");
        var (input, token) = (example.GetProperty("input"), example.GetProperty("output").GetProperty("compact").GetString()!);
        var kid = input.GetProperty("key").GetProperty("kid").GetString();
        using var key = new HmacKey(Bytes(input.GetProperty("key"), "k"), kid);
        Jws.Verify(token, new JwsVerification { Keys = [key] }).ShouldSucceed();
        Jws.Sign(key, null, kid, Encoding.UTF8.GetBytes(input.GetProperty("payload").GetString()!)).ShouldBe(token);
    }

    /// <summary>RSASSA-PKCS1-v1_5 and Ed25519 are deterministic: our token is theirs, byte for byte.</summary>
    [Theory]
    [InlineData("jws/4_1.rsa_v15_signature.json", "RS256")]
    [InlineData("curve25519/jws.json", "EdDSA")]
    public void Writes_the_same_token(string file, string algorithm)
    {
        var example = Vectors.Read($"jose-cookbook/{file}");
        var (input, token) = (example.GetProperty("input"), example.GetProperty("output").GetProperty("compact").GetString()!);
        using var key = SigningKey.ImportPkcs8(JwsAlgorithm.TryParse(algorithm)!, Pkcs8(input.GetProperty("key")));
        var kid = input.GetProperty("key").TryGetProperty("kid", out var value) ? value.GetString() : null;
        Jws.Sign(key, null, kid, Encoding.UTF8.GetBytes(input.GetProperty("payload").GetString()!)).ShouldBe(token);
    }

    [Theory]
    [InlineData("jwk/3_1.ec_public_key.json")]
    [InlineData("jwk/3_3.rsa_public_key.json")]
    public void Reads_and_writes_the_public_keys(string file)
    {
        var document = Vectors.Read($"jose-cookbook/{file}");
        var set = new JsonWebKeySet([JsonWebKey.Parse(document).ShouldSucceed()]);
        var written = JsonNode.Parse(set.ToUtf8Json())!["keys"]![0];
        JsonNode.DeepEquals(written, JsonNode.Parse(document.GetRawText())).ShouldBeTrue(written!.ToJsonString());
    }

    [Theory]
    [InlineData("jwk/3_2.ec_private_key.json")]
    [InlineData("jwk/3_4.rsa_private_key.json")]
    [InlineData("jwk/3_5.symmetric_key_mac_computation.json")]
    [InlineData("jwk/3_6.symmetric_key_encryption.json")]
    public void Refuses_the_private_and_secret_keys(string file) =>
        JsonWebKey.Parse(Vectors.Read($"jose-cookbook/{file}")).ShouldFail(JoseError.KeyPrivate);

    /// <summary>RFC 7797: an unencoded payload. Both the detached form and the one with the payload inside.</summary>
    [Theory]
    [InlineData("rfc7797/hmac-sha2_b64_false.json")]
    public void Refuses_an_unencoded_payload(string file)
    {
        var example = Vectors.Read($"jose-cookbook/{file}");
        using var key = new HmacKey(Bytes(example.GetProperty("input").GetProperty("key"), "k"));
        var token = example.GetProperty("output").GetProperty("compact").GetString()!;
        token.ShouldContain("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19");
        Jws.Verify(token, new JwsVerification { Keys = [key] }).ShouldFail(JoseError.CriticalUnsupported);
    }

    [Fact]
    public void Refuses_detached_content()   // §4.5: an empty payload part is another message than the one signed
    {
        var example = Vectors.Read("jose-cookbook/jws/4_5.signature_with_detached_content.json");
        var kid = example.GetProperty("input").GetProperty("key").GetProperty("kid").GetString();
        using var key = new HmacKey(Bytes(example.GetProperty("input").GetProperty("key"), "k"), kid);
        Jws.Verify(example.GetProperty("output").GetProperty("compact").GetString(), new JwsVerification { Keys = [key] })
            .ShouldFail(JoseError.SignatureInvalid);
    }

    private static byte[] Public(JsonElement key)
    {
        var copy = JsonNode.Parse(key.GetRawText())!.AsObject();
        foreach (var name in privateMembers) copy.Remove(name);
        return Encoding.UTF8.GetBytes(copy.ToJsonString());
    }

    private static byte[] Pkcs8(JsonElement key)
    {
        if (key.GetProperty("kty").GetString() == "OKP") return [.. Convert.FromHexString("302e020100300506032b657004220420"), .. Bytes(key, "d")];
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e"), D = Bytes(key, "d"), P = Bytes(key, "p"), Q = Bytes(key, "q"),
            DP = Bytes(key, "dp"), DQ = Bytes(key, "dq"), InverseQ = Bytes(key, "qi"),
        });
        return rsa.ExportPkcs8PrivateKey();
    }

    private static byte[] Bytes(JsonElement key, string name) =>
        Base64UrlStrict.TryDecode(key.GetProperty(name).GetString(), out var bytes) ? bytes : throw new FormatException(name);
}
