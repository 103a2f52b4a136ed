using Gatehouse.Tenants;

namespace Gatehouse.Tests.Tenants;

public sealed class TenantAddressTests
{
    [Theory]
    [InlineData("https://id.acme.com", "id.acme.com", "")]
    [InlineData("https://id.acme.com:8443", "id.acme.com:8443", "")]
    [InlineData("https://id.acme.com/t/acme", "id.acme.com", "/t/acme")]
    [InlineData("http://localhost:8080", "localhost:8080", "")]
    [InlineData("http://127.0.0.1:8080/t/a-1", "127.0.0.1:8080", "/t/a-1")]
    [InlineData("http://[::1]:8080", "[::1]:8080", "")]
    [InlineData("https://xn--bcher-kva.example", "xn--bcher-kva.example", "")]
    public void Reads_a_base_url(string text, string host, string path)
    {
        TenantAddress.Parse(text).TryGet(out var address, out _).ShouldBeTrue();
        (address!.BaseUrl, address.Host, address.Path).ShouldBe((text, host, path));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("acme.com")]
    [InlineData("ftp://acme.com")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://acme.com")]
    [InlineData("http://localhost.evil.com")]
    [InlineData("https://acme.com/")]
    [InlineData("https://ACME.com")]
    [InlineData("HTTPS://acme.com")]
    [InlineData("https://acme.com:443")]
    [InlineData("https://user@acme.com")]
    [InlineData("https://acme.com?x=1")]
    [InlineData("https://acme.com#x")]
    [InlineData("https://acme.com/login")]
    [InlineData("https://acme.com/t/")]
    [InlineData("https://acme.com/t/a/b")]
    [InlineData("https://acme.com/t/A")]
    [InlineData("https://acme.com/t/../t/a")]
    [InlineData("https://bücher.example")]
    [InlineData(" https://acme.com")]
    public void Refuses_every_other_spelling(string? text)
    {
        TenantAddress.Parse(text).TryGet(out _, out var problem).ShouldBeFalse();
        problem!.Code.ShouldBe("issuer_invalid");
    }

    [Theory]
    [InlineData("ID.Acme.com", "id.acme.com")]
    [InlineData("id.acme.com:443", "id.acme.com")]
    [InlineData("id.acme.com:80", "id.acme.com")]
    [InlineData("id.acme.com:8080", "id.acme.com:8080")]
    public void Normalizes_the_host_header(string header, string expected) => HostText.Normalize(header).ShouldBe(expected);
}
