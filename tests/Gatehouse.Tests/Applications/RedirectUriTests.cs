using Gatehouse.Applications;

namespace Gatehouse.Tests.Applications;

public sealed class RedirectUriTests
{
    [Theory]
    [InlineData("https://app.example.com/callback")]
    [InlineData("https://app.example.com:8443/callback?tenant=a&x=%20")]
    [InlineData("http://localhost:3000/callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://[::1]:9999/")]
    public void Takes_web_addresses(string uri)
    {
        RedirectUri.Check(uri, ClientType.Confidential, "f").ShouldBeNull();
        RedirectUri.Check(uri, ClientType.Public, "f").ShouldBeNull();
    }

    [Theory]
    [InlineData("com.example.app:/callback")]
    [InlineData("com.example.app://callback/x")]
    public void Takes_a_scheme_of_its_own_from_an_app_on_a_device_alone(string uri)      // RFC 8252 §7.1
    {
        RedirectUri.Check(uri, ClientType.Public, "f").ShouldBeNull();
        RedirectUri.Check(uri, ClientType.Confidential, "f")!.Code.ShouldBe("redirect_uri_invalid");
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("/callback")]
    [InlineData("//app.example.com/callback")]
    [InlineData("app.example.com/callback")]
    [InlineData("https:app.example.com")]
    [InlineData("https:///callback")]
    [InlineData("https://app.example.com/#")]
    [InlineData("https://app.example.com/#fragment")]
    [InlineData("https://*.example.com/callback")]
    [InlineData("https://app.example.com/*")]
    [InlineData("https://user@app.example.com/")]
    [InlineData("https://app.example.com\\@evil.example/")]
    [InlineData("https://app.example.com/ callback")]
    [InlineData("https://app.example.com/\u0000")]
    [InlineData("https://bücher.example/")]
    [InlineData("HTTPS://app.example.com/")]
    [InlineData("http://app.example.com/")]
    [InlineData("http://localhost.example.com/")]
    [InlineData("http://127.0.0.1.example.com/")]
    [InlineData("http:localhost")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("myapp:/callback")]
    public void Refuses_the_rest(string? uri)
    {
        RedirectUri.Check(uri, ClientType.Public, "f")!.Code.ShouldBe("redirect_uri_invalid");
        RedirectUri.Check(uri, ClientType.Confidential, "f")!.Code.ShouldBe("redirect_uri_invalid");
    }

    [Fact]
    public void Refuses_one_that_is_too_long()
    {
        RedirectUri.Check("https://a.example/" + new string('x', 1982), ClientType.Public, "f").ShouldBeNull();
        RedirectUri.Check("https://a.example/" + new string('x', 1983), ClientType.Public, "f").ShouldNotBeNull();
    }
}
