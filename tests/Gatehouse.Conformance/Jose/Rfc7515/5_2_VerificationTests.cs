using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7515;

/// <summary>One valid token, and one thing spoiled in each test. Every token here is really signed unless the signature is what is spoiled.</summary>
public sealed class VerificationTests : IDisposable
{
    private const string Header = """{"alg":"ES256","typ":"JWT","kid":"k1"}""";
    private const string Payload = """{"iss":"https://id.example","sub":"usr_1"}""";

    private readonly SigningKey key = SigningKey.Generate(JwsAlgorithm.ES256);
    private readonly JwsVerification expected;

    public VerificationTests() => expected = Expect.Key(key.PublicKey.WithKeyId("k1"));

    public void Dispose() => key.Dispose();

    private void Refused(string token, string code) => Jws.Verify(token, expected).ShouldFail(code);

    [Fact]
    public void Accepts_the_valid_token() => Jws.Verify(Forge.Token(key, Header, Payload), expected).ShouldSucceed();

    [Theory]
    [InlineData("""{"typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":256,"kid":"k1"}""")]
    [InlineData("""{"alg":null,"kid":"k1"}""")]
    [InlineData("""{"alg":["ES256"],"kid":"k1"}""")]
    [InlineData("""{"alg":"ES256","typ":1,"kid":"k1"}""")]
    [InlineData("""{"alg":"ES256","typ":null,"kid":"k1"}""")]
    [InlineData("""{"alg":"ES256","kid":1}""")]
    [InlineData("""{"alg":"ES256","kid":{"id":"k1"}}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","kid":"k1"}""")]                 // §4: duplicate names
    [InlineData("""{"alg":"none","alg":"ES256","kid":"k1"}""")]
    [InlineData("""{"alg":"ES256","\u0061lg":"ES256","kid":"k1"}""")]          // duplicate after unescaping
    [InlineData("""{"alg":"ES256","kid":"k1","x":{"a":1,"a":2}}""")]
    [InlineData("""{"alg":"ES256","kid":"k1"} {}""")]
    [InlineData("""{"alg":"ES256","kid":"k1"}x""")]
    [InlineData("""{"alg":"ES256","kid":"k1",}""")]
    [InlineData("""{"alg":"ES256",/* */"kid":"k1"}""")]
    [InlineData("""{'alg':'ES256','kid':'k1'}""")]
    [InlineData("""["ES256"]""")]
    [InlineData("\"ES256\"")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""")]                        // half a surrogate pair
    [InlineData("""{"alg":"ES256","kid":"k1","\udc00":1}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","x":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}""")]   // 17 deep
    public void Refuses_a_header_that_is_not_one_strict_object(string header) => Refused(Forge.Token(key, header, Payload), JoseError.HeaderInvalid);

    [Fact]
    public void Takes_a_header_of_sixteen_levels() =>
        Jws.Verify(Forge.Token(key, """{"alg":"ES256","kid":"k1","x":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}"""), expected).ShouldSucceed();

    [Fact]
    public void Refuses_a_header_with_a_byte_order_mark() =>
        Refused(Forge.Token(key, [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Header)], "{}"u8), JoseError.HeaderInvalid);

    [Theory]
    [InlineData(0x80)]
    [InlineData(0xff)]
    [InlineData(0xc0)]
    public void Refuses_a_header_with_invalid_utf8(byte spoiled) =>
        Refused(Forge.Token(key, [.. "{\"alg\":\"ES256\",\"kid\":\"k1\",\"x\":\""u8, spoiled, .. "\"}"u8], "{}"u8), JoseError.HeaderInvalid);

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("es256")]
    [InlineData("ES256K")]
    [InlineData("ES256 ")]
    [InlineData("HS384")]
    [InlineData("RS1")]
    [InlineData("dir")]
    [InlineData("")]
    public void Refuses_none_and_unknown_algorithms(string alg) =>
        Refused(Forge.Token(key, $$"""{"alg":"{{alg}}","kid":"k1"}""", Payload), JoseError.AlgorithmUnsupported);

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("EdDSA")]
    [InlineData("HS256")]
    public void Refuses_an_algorithm_that_is_not_the_keys(string alg) =>
        Refused(Forge.Token(key, $$"""{"alg":"{{alg}}","kid":"k1"}""", Payload), JoseError.KeyUnknown);

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"k1","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","crit":["b64"],"b64":true}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","crit":[]}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","crit":null}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","b64":false}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","b64":"true"}""")]
    public void Refuses_critical_extensions(string header) => Refused(Forge.Token(key, header, Payload), JoseError.CriticalUnsupported);

    [Theory]
    [InlineData("K1")]
    [InlineData("k1 ")]
    [InlineData("")]
    [InlineData("../k1")]
    public void Compares_kid_byte_for_byte(string kid) => Refused(Forge.Token(key, $$"""{"alg":"ES256","kid":"{{kid}}"}""", Payload), JoseError.KeyUnknown);

    [Fact]
    public void Does_not_match_a_kid_with_a_key_that_has_none() =>
        Jws.Verify(Forge.Token(key, Header, Payload), Expect.Key(key.PublicKey.WithKeyId(null))).ShouldFail(JoseError.KeyUnknown);

    [Fact]
    public void Takes_a_token_without_kid_when_one_key_fits_and_not_when_two_do()
    {
        using var other = SigningKey.Generate(JwsAlgorithm.ES256);
        using var unlike = SigningKey.Generate(JwsAlgorithm.ES384);
        var token = Forge.Token(key, """{"alg":"ES256"}""", Payload);
        var (mine, unlikeMine, likeMine) = (expected.Keys[0], VerificationKey.Create(unlike.PublicKey).ShouldSucceed(), VerificationKey.Create(other.PublicKey).ShouldSucceed());
        Jws.Verify(token, new JwsVerification { Keys = [unlikeMine, mine] }).ShouldSucceed().Key.ShouldBe(mine);
        Jws.Verify(token, new JwsVerification { Keys = [likeMine, mine] }).ShouldFail(JoseError.KeyUnknown);
        Jws.Verify(token, new JwsVerification { Keys = [] }).ShouldFail(JoseError.KeyUnknown);
    }

    [Fact]
    public void Refuses_two_keys_of_one_kid_and_algorithm()
    {
        using var other = SigningKey.Generate(JwsAlgorithm.ES256);
        var twin = VerificationKey.Create(other.PublicKey.WithKeyId("k1")).ShouldSucceed();
        Jws.Verify(Forge.Token(key, Header, Payload), new JwsVerification { Keys = [expected.Keys[0], twin] }).ShouldFail(JoseError.KeyUnknown);
    }

    [Fact]
    public void Refuses_a_signature_of_another_key()
    {
        using var other = SigningKey.Generate(JwsAlgorithm.ES256);
        Refused(Forge.Token(other, Header, Payload), JoseError.SignatureInvalid);
    }

    [Fact]
    public void Refuses_a_payload_that_was_exchanged()
    {
        var parts = Forge.Token(key, Header, Payload).Split('.');
        Refused($"{parts[0]}.{Base64UrlStrict.Encode("{\"sub\":\"usr_2\"}"u8)}.{parts[2]}", JoseError.SignatureInvalid);
    }

    [Fact]
    public void Refuses_a_header_that_was_exchanged()
    {
        var parts = Forge.Token(key, Header, Payload).Split('.');
        Refused($"{Base64UrlStrict.Encode("{\"alg\":\"ES256\",\"kid\":\"k1\"}"u8)}.{parts[1]}.{parts[2]}", JoseError.SignatureInvalid);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(72)]
    [InlineData(128)]
    [InlineData(1100)]
    public void Refuses_a_signature_of_the_wrong_length(int length)
    {
        var parts = Forge.Token(key, Header, Payload).Split('.');
        Base64UrlStrict.TryDecode(parts[2], out var signature).ShouldBeTrue();
        Array.Resize(ref signature, length);
        Refused($"{parts[0]}.{parts[1]}.{Base64UrlStrict.Encode(signature)}", JoseError.SignatureInvalid);
    }

    [Fact]
    public void Refuses_an_ecdsa_signature_of_zeros()   // CVE-2022-21449
    {
        var parts = Forge.Token(key, Header, Payload).Split('.');
        Refused($"{parts[0]}.{parts[1]}.{new string('A', 86)}", JoseError.SignatureInvalid);
    }

    [Fact]
    public void Refuses_everything_but_three_parts()
    {
        var parts = Forge.Token(key, Header, Payload).Split('.');
        foreach (var token in new[]
        {
            "", ".", "..", "...", parts[0], $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.{parts[2]}.", $".{parts[0]}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[0]}.{parts[1]}", $"{parts[0]}..{parts[1]}.{parts[2]}",
        })
            Jws.Verify(token, expected).TryGet(out _, out _).ShouldBeFalse(token);
    }

    [Fact]
    public void Refuses_other_spellings_of_the_same_bytes()
    {
        var token = Forge.Token(key, Header, Payload);
        var parts = token.Split('.');
        foreach (var spelling in new[]
        {
            token + "=", token + "==", token + " ", " " + token, token + "\n", token[..^1] + Next(token[^1]),
            $"{parts[0]}=.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}=.{parts[2]}", $"{parts[0]}. {parts[1]}.{parts[2]}",
            token.Insert(3, "\r\n"), token.Replace('-', '+').Replace('_', '/') + "\0",
        })
            Jws.Verify(spelling, expected).TryGet(out _, out _).ShouldBeFalse(spelling);
    }

    [Fact]
    public void Refuses_letters_that_are_not_ascii()
    {
        var token = Forge.Token(key, Header, Payload);
        Refused(token[..10] + 'é' + token[11..], JoseError.Malformed);
        Refused(token[..10] + '０' + token[11..], JoseError.Malformed);
    }

    [Fact]
    public void Refuses_a_token_longer_than_allowed()
    {
        var token = Forge.Token(key, Header, $$"""{"x":"{{new string('x', 14000)}}"}""");
        token.Length.ShouldBeGreaterThan(JwsVerification.DefaultMaxLength);
        Refused(token, JoseError.Malformed);
        Jws.Verify(token, expected with { MaxLength = token.Length - 1 }).ShouldFail(JoseError.Malformed);
        Jws.Verify(token, expected with { MaxLength = token.Length }).ShouldSucceed();
        Jws.Peek(token).ShouldFail(JoseError.Malformed);
    }

    /// <summary>The last of 86 characters carries two bits; the next character decodes to the same bytes in a lenient decoder.</summary>
    private static char Next(char last) => last switch { 'A' => 'B', 'Q' => 'R', 'g' => 'h', 'w' => 'x', _ => throw new FormatException() };
}
