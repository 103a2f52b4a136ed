using System.Text;
using System.Text.Json;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Wycheproof;

/// <summary>
/// Every vector of Project Wycheproof's files for the algorithms we verify. Each theory row states how many vectors its file has and how
/// many must verify, so that a file that was cut or not found cannot pass.
/// </summary>
public class WycheproofTests
{
    [Theory]
    [InlineData("ecdsa_secp256r1_sha256_p1363", "ES256", 262, 173)]
    [InlineData("ecdsa_secp384r1_sha384_p1363", "ES384", 280, 193)]
    [InlineData("ecdsa_secp521r1_sha512_p1363", "ES512", 318, 231)]
    [InlineData("ed25519", "EdDSA", 151, 88)]
    [InlineData("rsa_pss_2048_sha256_mgf1_32", "PS256", 108, 63)]
    [InlineData("rsa_pss_2048_sha384_mgf1_48", "PS384", 141, 95)]
    [InlineData("rsa_signature_2048_sha256", "RS256", 259, 9)]
    [InlineData("rsa_signature_2048_sha384", "RS384", 258, 7)]
    [InlineData("rsa_signature_2048_sha512", "RS512", 259, 8)]
    [InlineData("rsa_signature_3072_sha256", "RS256", 259, 8)]
    public void Agrees_on_every_signature(string file, string algorithm, int vectors, int valid)
    {
        var (count, accepted) = (0, 0);
        var wrong = new List<string>();
        foreach (var group in Vectors.Read($"wycheproof/{file}_test.json").GetProperty("testGroups").EnumerateArray())
        {
            using var key = VerificationKey.Create(PublicKey(group), JwsAlgorithm.TryParse(algorithm)).ShouldSucceed();
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var verified = key.Verify(Hex(test, "msg"), Hex(test, "sig"));
                // "acceptable" is one vector in each PKCS#1 file: a DigestInfo without its NULL. RFC 8017 §9.2 has one encoding: refused.
                if (verified != (test.GetProperty("result").GetString() == "valid")) wrong.Add(Describe(test));
                count++;
                if (verified) accepted++;
            }
        }
        wrong.ShouldBeEmpty();
        (count, accepted).ShouldBe((vectors, valid));
    }

    /// <summary>Keys under 256 bits cannot be made; tags cut to 128 bits, which RFC 7518 §3.2 does not know, are refused though "valid".</summary>
    [Fact]
    public void Agrees_on_every_hmac_of_full_length_under_a_sufficient_key()
    {
        var (count, weak, truncated, accepted) = (0, 0, 0, 0);
        var wrong = new List<string>();
        foreach (var group in Vectors.Read("wycheproof/hmac_sha256_test.json").GetProperty("testGroups").EnumerateArray())
        {
            var isTruncated = group.GetProperty("tagSize").GetInt32() != 256;
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                count++;
                var secret = Hex(test, "key");
                if (secret.Length < HmacKey.MinLength)
                {
                    Should.Throw<ArgumentException>(() => new HmacKey(secret));
                    weak++;
                    continue;
                }
                using var key = new HmacKey(secret);
                var verified = key.Verify(Hex(test, "msg"), Hex(test, "tag"));
                if (verified != (!isTruncated && test.GetProperty("result").GetString() == "valid")) wrong.Add(Describe(test));
                if (isTruncated) truncated++;
                if (verified) accepted++;
            }
        }
        wrong.ShouldBeEmpty();
        (count, weak, truncated, accepted).ShouldBe((174, 6, 84, 30));
    }

    /// <summary>The group's JWK; some EC groups, whose keys have special coordinates, only have the point.</summary>
    private static JsonWebKey PublicKey(JsonElement group)
    {
        if (group.TryGetProperty("publicKeyJwk", out var jwk) || group.TryGetProperty("keyJwk", out jwk)) return JsonWebKey.Parse(jwk).ShouldSucceed();
        var point = Hex(group.GetProperty("publicKey"), "uncompressed").AsSpan(1);
        var half = point.Length / 2;
        var curve = half switch { 32 => "P-256", 48 => "P-384", _ => "P-521" };
        return JsonWebKey.Parse(Encoding.UTF8.GetBytes(
            $$"""{"kty":"EC","crv":"{{curve}}","x":"{{Base64UrlStrict.Encode(point[..half])}}","y":"{{Base64UrlStrict.Encode(point[half..])}}"}""")).ShouldSucceed();
    }

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    private static string Describe(JsonElement test) =>
        $"{test.GetProperty("tcId")}: {test.GetProperty("comment")} should be {test.GetProperty("result")}";
}
