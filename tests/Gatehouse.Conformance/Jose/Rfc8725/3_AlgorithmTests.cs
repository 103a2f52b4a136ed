using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc8725;

/// <summary>RFC 8725 §2.1 and §3.1: the attacks that let a token choose how it is verified.</summary>
public class AlgorithmTests
{
    private const string Payload = """{"sub":"usr_1"}""";

    [Fact]
    public void Refuses_hmac_under_the_text_of_the_public_key()
    {
        using var rsa = SigningKey.Generate(JwsAlgorithm.RS256);
        var set = Encoding.UTF8.GetString(new JsonWebKeySet([rsa.PublicKey]).ToUtf8Json());
        using var confused = new HmacKey(Encoding.UTF8.GetBytes(set));
        var token = Forge.Token(confused, $$"""{"alg":"HS256","kid":"{{rsa.PublicKey.KeyId}}"}""", Payload);
        token.Verify(rsa.PublicKey, null).ShouldFail(JoseError.KeyUnknown);
    }

    [Fact]
    public void Refuses_an_asymmetric_signature_where_a_secret_is_expected()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        using var secret = new HmacKey(new byte[32]);
        Jws.Verify(Jws.Sign(key, null, null, "{}"u8), new JwsVerification { Keys = [secret] }).ShouldFail(JoseError.KeyUnknown);
    }

    [Theory]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    [InlineData("RS256", "RS512")]
    public void Does_not_use_an_rsa_key_for_another_algorithm_than_its_own(string pinned, string presented)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(pinned)!);
        using var same = SigningKey.ImportPkcs8(JwsAlgorithm.TryParse(presented)!, key.ExportPkcs8());
        Jws.Sign(same, null, null, "{}"u8).Verify(key.PublicKey, null).ShouldFail(JoseError.KeyUnknown);
        VerificationKey.Create(key.PublicKey, JwsAlgorithm.TryParse(presented)).ShouldFail(JoseError.KeyUnsupported);
    }

    [Theory]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5u")]
    [InlineData("x5c")]
    public void Never_takes_a_key_from_the_token(string member)
    {
        using var trusted = SigningKey.Generate(JwsAlgorithm.ES256);
        using var attacker = SigningKey.Generate(JwsAlgorithm.ES256);
        var set = Encoding.UTF8.GetString(new JsonWebKeySet([attacker.PublicKey]).ToUtf8Json());
        var value = member switch { "jwk" => set[9..^2], "x5c" => "[\"AAAA\"]", _ => "\"https://attacker.example/keys\"" };
        var header = $$"""{"alg":"ES256","{{member}}":{{value}}}""";
        Forge.Token(attacker, header, Payload).Verify(trusted.PublicKey, null).ShouldFail(JoseError.SignatureInvalid);
        Forge.Token(trusted, header, Payload).Verify(trusted.PublicKey, null).ShouldSucceed();
    }

    /// <summary>What DPoP does (RFC 9449 §4.2): the caller, not the verifier, decides to trust the embedded key for this one purpose.</summary>
    [Fact]
    public void Lets_a_caller_verify_with_the_embedded_key_deliberately()
    {
        using var client = SigningKey.Generate(JwsAlgorithm.ES256);
        var jwk = Encoding.UTF8.GetString(new JsonWebKeySet([client.PublicKey]).ToUtf8Json())[9..^2];
        var token = Forge.Token(client, $$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{jwk}}}""", Payload);
        var peeked = Jws.Peek(token).ShouldSucceed();
        var key = JsonWebKey.Parse(peeked.Header.EmbeddedKey!.Value).ShouldSucceed();
        key.Thumbprint().ShouldBe(client.PublicKey.Thumbprint());
        Jws.Verify(token, Expect.Key(key, "dpop+jwt", peeked.Header.Algorithm)).ShouldSucceed();
    }

    [Fact]
    public void Makes_no_hmac_key_of_less_than_32_bytes()
    {
        Should.Throw<ArgumentException>(() => new HmacKey(new byte[31]));
        Should.Throw<ArgumentException>(() => SigningKey.Generate(JwsAlgorithm.HS256));
        Should.Throw<ArgumentException>(() => SigningKey.ImportPkcs8(JwsAlgorithm.HS256, new byte[64]));
    }

    [Fact]
    public void Forgets_an_hmac_secret_when_disposed()
    {
        var key = new HmacKey(new byte[32]);
        key.Dispose();
        Should.Throw<ObjectDisposedException>(() => Jws.Sign(key, null, null, "{}"u8));
    }
}
