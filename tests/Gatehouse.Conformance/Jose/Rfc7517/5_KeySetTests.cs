using System.Text;
using System.Text.Json;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7517;

public class KeySetTests
{
    private const string Good = """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"a"}""";

    [Fact]
    public void Writes_only_public_members_and_reads_them_again()
    {
        using var ec = SigningKey.Generate(JwsAlgorithm.ES512);
        using var rsa = SigningKey.Generate(JwsAlgorithm.PS256);
        using var ed = SigningKey.Generate(JwsAlgorithm.EdDSA);
        var json = new JsonWebKeySet([ec.PublicKey, rsa.PublicKey, ed.PublicKey]).ToUtf8Json();
        var keys = JsonElement.Parse(json).GetProperty("keys").EnumerateArray().ToArray();
        keys.Select(k => string.Join(' ', k.EnumerateObject().Select(p => p.Name)))
            .ShouldBe(["kty crv x y kid use alg", "kty n e kid use alg", "kty crv x kid use alg"]);
        var read = Parse(Encoding.UTF8.GetString(json));
        read.Keys.Select(k => k.Thumbprint()).ShouldBe([ec.PublicKey.KeyId, rsa.PublicKey.KeyId, ed.PublicKey.KeyId]);
        read.Keys.Select(k => k.SignatureAlgorithm).ShouldBe([JwsAlgorithm.ES512, JwsAlgorithm.PS256, JwsAlgorithm.EdDSA]);
        read.Ignored.ShouldBeEmpty();
    }

    [Fact]
    public void Passes_over_keys_it_cannot_use()   // §5
    {
        var set = Parse($$"""{"keys":[{"kty":"XX"},{{Good}},{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},7,{}],"extra":1}""");
        set.Keys.Select(k => k.KeyId).ShouldBe(["a"]);
        set.Ignored.Select(e => e.Code).ShouldBe([JoseError.KeyUnsupported, JoseError.KeyInvalid, JoseError.KeyInvalid, JoseError.KeyInvalid]);
    }

    [Theory]
    [InlineData("""{"kty":"oct","k":"AAAA"}""")]
    [InlineData("""{"kty":"EC","d":"AAAA"}""")]
    public void Refuses_a_set_with_private_material(string key) => Refused($$"""{"keys":[{{Good}},{{key}}]}""", JoseError.KeyPrivate);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":null}""")]
    [InlineData("""[]""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"XX","kty":"XX"}]}""")]
    [InlineData("""{"keys":[]}garbage""")]
    public void Refuses_what_is_no_set(string json) => Refused(json, JoseError.KeyInvalid);

    [Fact]
    public void Refuses_too_many_keys()
    {
        string Set(int count) => $$"""{"keys":[{{string.Join(',', Enumerable.Repeat(Good, count))}}]}""";
        Parse(Set(JsonWebKeySet.MaxKeys)).Keys.Count.ShouldBe(JsonWebKeySet.MaxKeys);
        Refused(Set(JsonWebKeySet.MaxKeys + 1), JoseError.KeyInvalid);
    }

    [Fact]
    public void Pins_each_key_to_the_algorithms_it_is_allowed()
    {
        using var rsa = SigningKey.Generate(JwsAlgorithm.RS256);
        using var ec = SigningKey.Generate(JwsAlgorithm.ES256);
        var json = Encoding.UTF8.GetString(new JsonWebKeySet([rsa.PublicKey, ec.PublicKey]).ToUtf8Json());
        var unpinned = Parse(json.Replace(",\"alg\":\"RS256\"", "", StringComparison.Ordinal));
        VerificationKey.CreateAll(unpinned, JwsAlgorithm.RS256, JwsAlgorithm.PS256).Select(k => k.Algorithm.Name).ShouldBe(["RS256", "PS256"]);
        VerificationKey.CreateAll(Parse(json), JwsAlgorithm.PS256, JwsAlgorithm.ES256).Select(k => k.Algorithm.Name).ShouldBe(["ES256"]);
    }

    private static JsonWebKeySet Parse(string json) => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(json)).ShouldSucceed();
    private static void Refused(string json, string code) => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(json)).ShouldFail(code);
}
