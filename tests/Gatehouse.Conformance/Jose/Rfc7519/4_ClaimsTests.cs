using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7519;

public class ClaimsTests
{
    private static readonly DateTimeOffset now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan skew = TimeSpan.FromSeconds(10);

    [Fact]
    public void Reads_registered_claims()
    {
        var claims = Parse("""{"iss":"https://id.example","sub":"usr_1","aud":["a","b"],"exp":1767323055,"nbf":1767323045.5,"iat":1.767323045e9,"jti":"j"}""");
        (claims.Issuer, claims.Subject, claims.JwtId).ShouldBe(("https://id.example", "usr_1", "j"));
        claims.Audience.ShouldBe(["a", "b"]);
        claims.AudienceIsString.ShouldBeFalse();
        (claims.Expires, claims.NotBefore, claims.IssuedAt).ShouldBe((now.AddSeconds(10), now.AddSeconds(0.5), now));
    }

    [Fact]
    public void Reads_one_audience_as_a_list_and_an_absent_one_as_none()
    {
        Parse("""{"aud":"a"}""").Audience.ShouldBe(["a"]);
        Parse("""{"aud":"a"}""").AudienceIsString.ShouldBeTrue();
        Parse("{}").Audience.ShouldBeEmpty();
        (Parse("{}").Issuer, Parse("{}").Expires).ShouldBe((null, null));
    }

    [Fact]
    public void Reads_other_claims_only_as_what_they_are()
    {
        var claims = Parse("""{"scope":"a b","amr":["pwd","otp"],"auth_time":1767323045,"n":1,"mixed":["a",1],"o":{"k":true},"z":null}""");
        (claims.GetString("scope"), claims.GetString("n"), claims.GetString("z"), claims.GetString("none")).ShouldBe(("a b", null, null, null));
        claims.GetStrings("amr").ShouldBe(["pwd", "otp"]);
        claims.GetStrings("scope").ShouldBe(["a b"]);
        claims.GetStrings("mixed").ShouldBeNull();
        claims.GetTime("auth_time").ShouldBe(now);
        claims.GetTime("scope").ShouldBeNull();
        claims.TryGet("o", out var o).ShouldBeTrue();
        o.GetProperty("k").GetBoolean().ShouldBeTrue();
        claims.TryGet("absent", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"iss":1}""")]
    [InlineData("""{"iss":null}""")]
    [InlineData("""{"sub":["usr_1"]}""")]
    [InlineData("""{"jti":{}}""")]
    [InlineData("""{"aud":1}""")]
    [InlineData("""{"aud":null}""")]
    [InlineData("""{"aud":["a",1]}""")]
    [InlineData("""{"aud":["a",["b"]]}""")]
    [InlineData("""{"aud":{"a":1}}""")]
    [InlineData("""{"exp":"1767323055"}""")]
    [InlineData("""{"exp":null}""")]
    [InlineData("""{"exp":true}""")]
    [InlineData("""{"exp":-1}""")]
    [InlineData("""{"exp":-0.5}""")]
    [InlineData("""{"exp":253402300800}""")]
    [InlineData("""{"exp":253402300799.5}""")]
    [InlineData("""{"exp":9223372036854775808}""")]
    [InlineData("""{"exp":1e400}""")]
    [InlineData("""{"exp":NaN}""")]
    [InlineData("""{"nbf":"0"}""")]
    [InlineData("""{"iat":[]}""")]
    [InlineData("""{"sub":"a","sub":"b"}""")]
    [InlineData("""{"sub":"a","s\u0075b":"b"}""")]
    [InlineData("""{"act":{"sub":"a","sub":"b"}}""")]
    [InlineData("""{"sub":"\udc00"}""")]
    [InlineData("""{"sub":"a"}{"sub":"b"}""")]
    [InlineData("""{"sub":"a",}""")]
    [InlineData("""{"sub":"a"/**/}""")]
    [InlineData("""["sub"]""")]
    [InlineData("\"sub\"")]
    [InlineData("")]
    public void Refuses_claims_of_the_wrong_kind(string json) => Jwt.ParseClaims(Encoding.UTF8.GetBytes(json)).ShouldFail(JoseError.ClaimsInvalid);

    [Fact]
    public void Refuses_invalid_utf8() => Jwt.ParseClaims([.. "{\"sub\":\""u8, 0xc3, 0x28, .. "\"}"u8]).ShouldFail(JoseError.ClaimsInvalid);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1767323045.1234567", 17673230451234560)]   // kept to the microsecond
    [InlineData("253402300799", 2534023007990000000)]
    public void Keeps_dates_to_the_microsecond(string number, long ticks) =>
        (Parse($$"""{"exp":{{number}}}""").Expires!.Value - DateTimeOffset.UnixEpoch).Ticks.ShouldBe(ticks);

    [Fact]
    public void Accepts_the_valid_set() => Check(Valid()).ShouldSucceed();

    [Theory]
    [InlineData("https://id.example/")]
    [InlineData("https://ID.example")]
    [InlineData("http://id.example")]
    [InlineData("")]
    public void Compares_the_issuer_byte_for_byte(string issuer) => Check(Valid(issuer: $"\"{issuer}\"")).ShouldFail(JoseError.IssuerUnexpected);

    [Theory]
    [InlineData("\"API\"")]
    [InlineData("\"api \"")]
    [InlineData("[]")]
    [InlineData("[\"other\",\"apis\"]")]
    public void Requires_the_audience(string audience) => Check(Valid(audience: audience)).ShouldFail(JoseError.AudienceUnexpected);

    [Fact]
    public void Requires_issuer_audience_and_expiry()
    {
        Check("""{"aud":"api","exp":1767323055}""").ShouldFail(JoseError.IssuerUnexpected);
        Check("""{"iss":"https://id.example","exp":1767323055}""").ShouldFail(JoseError.AudienceUnexpected);
        Check("""{"iss":"https://id.example","aud":"api"}""").ShouldFail(JoseError.ClaimsInvalid);
    }

    /// <summary>§4.1.4: good strictly before exp; the skew moves the edge and does not blur it.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(0, true)]
    [InlineData(-9, true)]
    [InlineData(-10, false)]
    [InlineData(-11, false)]
    public void Ends_at_its_expiry(int secondsLeft, bool good) =>
        Is(good, Check(Valid(expires: 1767323045 + secondsLeft)), JoseError.Expired);

    [Fact]
    public void Has_no_grace_without_skew() =>
        Jwt.Validate(Parse(Valid(expires: 1767323045)), "https://id.example", "api", now, TimeSpan.Zero).ShouldFail(JoseError.Expired);

    [Theory]
    [InlineData("nbf", 10, true)]
    [InlineData("nbf", 11, false)]
    [InlineData("iat", 10, true)]
    [InlineData("iat", 11, false)]
    public void Is_not_good_before_its_time(string claim, int secondsAhead, bool good) =>
        Is(good, Check(Valid()[..^1] + $",\"{claim}\":{1767323045 + secondsAhead}}}"), JoseError.NotYetValid);

    [Fact]
    public void Refuses_a_negative_skew() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Jwt.Validate(Parse(Valid()), "https://id.example", "api", now, TimeSpan.FromSeconds(-1)));

    private static void Is(bool good, Kernel.Result<JwtClaims, JoseError> result, string code)
    {
        if (good) result.ShouldSucceed();
        else result.ShouldFail(code);
    }

    private static string Valid(string issuer = "\"https://id.example\"", string audience = "[\"api\",\"other\"]", long expires = 1767323055) =>
        $$"""{"iss":{{issuer}},"aud":{{audience}},"exp":{{expires}}}""";

    private static Kernel.Result<JwtClaims, JoseError> Check(string json) => Jwt.Validate(Parse(json), "https://id.example", "api", now, skew);
    private static JwtClaims Parse(string json) => Jwt.ParseClaims(Encoding.UTF8.GetBytes(json)).ShouldSucceed();
}
