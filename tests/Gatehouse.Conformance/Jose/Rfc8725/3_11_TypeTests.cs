using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc8725;

/// <summary>RFC 8725 §3.11, RFC 7515 §4.1.9: one kind of token never stands in for another.</summary>
public sealed class TypeTests : IDisposable
{
    private readonly SigningKey key = SigningKey.Generate(JwsAlgorithm.ES256);

    public void Dispose() => key.Dispose();

    [Theory]
    [InlineData("at+jwt", "at+jwt")]
    [InlineData("at+jwt", "AT+JWT")]
    [InlineData("at+jwt", "application/at+jwt")]
    [InlineData("at+jwt", "Application/At+Jwt")]
    [InlineData("application/at+jwt", "at+jwt")]
    [InlineData(null, null)]
    [InlineData(null, "JWT")]
    [InlineData(null, "jwt")]
    [InlineData(null, "application/jwt")]
    public void Accepts(string? expected, string? typ) => Jws.Sign(key, typ, null, "{}"u8).Verify(key.PublicKey, expected).ShouldSucceed();

    [Theory]
    [InlineData("at+jwt", null)]
    [InlineData("at+jwt", "JWT")]
    [InlineData("at+jwt", "dpop+jwt")]
    [InlineData("at+jwt", "at+jwt ")]
    [InlineData("at+jwt", "")]
    [InlineData("at+jwt", "text/at+jwt")]
    [InlineData("at+jwt", "application/application/at+jwt")]
    [InlineData("at+jwt", "at+jwt; charset=utf-8")]
    [InlineData(null, "at+jwt")]
    [InlineData(null, "logout+jwt")]
    [InlineData(null, "")]
    public void Refuses(string? expected, string? typ) =>
        Jws.Sign(key, typ, null, "{}"u8).Verify(key.PublicKey, expected).ShouldFail(JoseError.TypeUnexpected);

    [Theory]
    [InlineData(null, true)]
    [InlineData("JWT", true)]
    [InlineData("oauth-authz-req+jwt", true)]
    [InlineData("at+jwt", false)]
    public void Accepts_an_untyped_token_beside_the_type_only_when_asked_to(string? typ, bool accepted)
    {
        var expected = Expect.Key(key.PublicKey, "oauth-authz-req+jwt") with { AcceptsUntyped = true };
        Jws.Verify(Jws.Sign(key, typ, null, "{}"u8), expected).TryGet(out _, out _).ShouldBe(accepted);
    }
}
