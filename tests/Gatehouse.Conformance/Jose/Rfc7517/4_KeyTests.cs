using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7517;

/// <summary>One sound key of each kind (RFC 7518 §6, RFC 8037 §2), and one thing spoiled in each test.</summary>
public class KeyTests
{
    private const string Ec = """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
    private const string Okp = """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    private static readonly string rsa = NewRsa(2048);

    [Fact]
    public void Reads_the_three_kinds()
    {
        var (ec, okp, key) = (Parse(Ec), Parse(Okp), Parse(rsa));
        (ec.KeyType, ec.Curve, ec.Size, ec.SignatureAlgorithm).ShouldBe((JwsKeyType.Ec, "P-256", 256, JwsAlgorithm.ES256));
        (okp.KeyType, okp.Curve, okp.Size, okp.SignatureAlgorithm).ShouldBe((JwsKeyType.Okp, "Ed25519", 256, JwsAlgorithm.EdDSA));
        (key.KeyType, key.Curve, key.Size, key.SignatureAlgorithm).ShouldBe((JwsKeyType.Rsa, null, 2048, null));
    }

    [Theory]
    [InlineData("kty", null)]
    [InlineData("kty", "1")]
    [InlineData("kty", "null")]
    [InlineData("crv", null)]
    [InlineData("crv", "256")]
    [InlineData("x", null)]
    [InlineData("y", null)]
    [InlineData("x", "[]")]
    [InlineData("x", "\"\"")]
    [InlineData("x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=\"")]
    [InlineData("x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV\"")]       // trailing bits
    [InlineData("x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE\"")]        // a byte short
    [InlineData("x", "\"AH_Nzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF\"")]      // a zero in front
    [InlineData("x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEQ\"")]       // off the curve
    [InlineData("x", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")]
    [InlineData("kid", "1")]
    [InlineData("kid", "null")]
    [InlineData("use", "[\"sig\"]")]
    [InlineData("alg", "true")]
    [InlineData("alg", "\"ES384\"")]
    [InlineData("alg", "\"RS256\"")]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("key_ops", "\"verify\"")]
    [InlineData("key_ops", "[1]")]
    [InlineData("key_ops", "[\"verify\",\"verify\"]")]
    public void Refuses_a_spoiled_member(string member, string? json) => Refused(With(Ec, member, json), JoseError.KeyInvalid);

    [Theory]
    [InlineData("kty", "\"ec\"")]
    [InlineData("kty", "\"AKP\"")]
    [InlineData("kty", "\"oct\"")]
    [InlineData("crv", "\"P-192\"")]
    [InlineData("crv", "\"secp256k1\"")]
    [InlineData("crv", "\"p-256\"")]
    public void Passes_over_kinds_it_does_not_know(string member, string json) => Refused(With(Ec, member, json), JoseError.KeyUnsupported);

    [Theory]
    [InlineData("d")]
    [InlineData("k")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("priv")]
    public void Refuses_private_members_whatever_they_hold(string member)
    {
        foreach (var key in new[] { Ec, Okp, rsa })
            foreach (var value in new[] { "\"AQAB\"", "\"\"", "null", "[]" }) Refused(With(key, member, value), JoseError.KeyPrivate);
    }

    [Fact]
    public void Refuses_coordinates_not_reduced_modulo_the_prime()
    {
        // x = p + 5 is written in 32 bytes and is on the curve for a reader that reduces first.
        var p = (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1;
        var x = (p + 5).ToByteArray(isUnsigned: true, isBigEndian: true);
        x.Length.ShouldBe(32);
        var b = BigInteger.Parse("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", System.Globalization.NumberStyles.HexNumber, null);
        var y = BigInteger.ModPow(125 - 15 + b, (p + 1) / 4, p);
        (y * y % p).ShouldBe((110 + b) % p, "5 is the x of a point");
        var yBytes = y.ToByteArray(isUnsigned: true, isBigEndian: true);
        var reduced = With(With(Ec, "y", Text(Pad(yBytes))), "x", Text(Pad([5])));
        Parse(reduced);
        Refused(With(reduced, "x", Text(x)), JoseError.KeyInvalid);
    }

    [Theory]
    [InlineData("""{"kty":"EC","kty":"EC"}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("")]
    [InlineData(Ec + "{}")]
    [InlineData("// a key\n" + Ec)]
    public void Refuses_what_is_not_one_strict_object(string json) => Refused(json, JoseError.KeyInvalid);

    [Fact]
    public void Refuses_small_and_huge_rsa_keys()
    {
        Refused(NewRsa(1024), JoseError.KeyUnsupported);
        Refused(With(rsa, "n", Text(Odd(2047))), JoseError.KeyUnsupported);
        Parse(With(rsa, "n", Text(Odd(8192)))).Size.ShouldBe(8192);
        Refused(With(rsa, "n", Text(Odd(8193))), JoseError.KeyUnsupported);
    }

    [Theory]
    [InlineData("e", new byte[] { })]
    [InlineData("e", new byte[] { 1 })]
    [InlineData("e", new byte[] { 2 })]
    [InlineData("e", new byte[] { 1, 0, 0 })]
    [InlineData("e", new byte[] { 0, 1, 0, 1 })]
    [InlineData("n", new byte[] { })]
    [InlineData("n", new byte[] { 0 })]
    public void Refuses_rsa_numbers_that_are_none(string member, byte[] value) => Refused(With(rsa, member, Text(value)), JoseError.KeyInvalid);

    [Fact]
    public void Refuses_an_even_modulus_a_zero_in_front_and_a_long_exponent()
    {
        var even = Odd(2048);
        even[^1] = 0xfe;
        Refused(With(rsa, "n", Text(even)), JoseError.KeyInvalid);
        Refused(With(rsa, "n", Text([0, .. Odd(2048)])), JoseError.KeyInvalid);
        Refused(With(rsa, "e", Text([1, 0, 0, 0, 0, 0, 0, 0, 1])), JoseError.KeyUnsupported);
        Parse(With(rsa, "e", Text([3])));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(0)]
    public void Refuses_an_ed25519_key_of_the_wrong_length(int length) => Refused(With(Okp, "x", Text(new byte[length])), JoseError.KeyInvalid);

    [Fact]
    public void Passes_over_other_okp_curves() => Refused(With(Okp, "crv", "\"X25519\""), JoseError.KeyUnsupported);

    [Theory]
    [InlineData("use", "\"enc\"", false)]
    [InlineData("use", "\"sig\"", true)]
    [InlineData("key_ops", "[\"sign\"]", false)]
    [InlineData("key_ops", "[]", false)]
    [InlineData("key_ops", "[\"verify\"]", true)]
    [InlineData("alg", "\"ES256\"", true)]
    [InlineData("alg", "\"ECDH-ES\"", false)]
    [InlineData("x5c", "[\"AAAA\"]", true)]
    [InlineData("x5u", "7", true)]
    public void Verifies_only_with_keys_meant_for_it(string member, string json, bool usable) =>
        VerificationKey.Create(Parse(With(Ec, member, json))).TryGet(out _, out _).ShouldBe(usable);

    [Fact]
    public void Asks_for_the_algorithm_of_an_rsa_key_that_does_not_say()
    {
        VerificationKey.Create(Parse(rsa)).ShouldFail(JoseError.KeyUnsupported);
        VerificationKey.Create(Parse(rsa), JwsAlgorithm.PS256).ShouldSucceed().Algorithm.ShouldBe(JwsAlgorithm.PS256);
        VerificationKey.Create(Parse(rsa), JwsAlgorithm.ES256).ShouldFail(JoseError.KeyUnsupported);
    }

    private static JsonWebKey Parse(string json) => JsonWebKey.Parse(Encoding.UTF8.GetBytes(json)).ShouldSucceed();
    private static void Refused(string json, string code) => JsonWebKey.Parse(Encoding.UTF8.GetBytes(json)).ShouldFail(code);
    private static string Text(byte[] bytes) => $"\"{Base64UrlStrict.Encode(bytes)}\"";
    private static byte[] Pad(byte[] bytes) => [.. new byte[32 - bytes.Length], .. bytes];

    private static byte[] Odd(int bits)
    {
        var bytes = new byte[(bits + 7) / 8];
        bytes[0] = (byte)(1 << (bits - 1) % 8);
        bytes[^1] |= 1;
        return bytes;
    }

    private static string With(string json, string member, string? value)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        node.Remove(member);
        var text = node.ToJsonString();
        return value is null ? text : $"{text[..^1]},\"{member}\":{value}}}";
    }

    private static string NewRsa(int bits)
    {
        using var key = RSA.Create(bits);
        var parameters = key.ExportParameters(false);
        return $$"""{"kty":"RSA","n":{{Text(parameters.Modulus!)}},"e":{{Text(parameters.Exponent!)}}}""";
    }
}
