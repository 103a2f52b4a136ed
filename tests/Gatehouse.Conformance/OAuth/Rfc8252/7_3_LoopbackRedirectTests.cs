using Gatehouse.Protocols.OAuth;

namespace Gatehouse.Conformance.OAuth.Rfc8252;

/// <summary>RFC 8252 §7.3 and RFC 9700 §4.1.3: redirect URIs are equal to the byte, but for the port of a loopback literal.</summary>
public sealed class LoopbackRedirectTests
{
    [Theory]
    [InlineData("https://app.example.com/cb", "https://app.example.com/cb", true)]
    [InlineData("https://app.example.com/cb", "https://app.example.com/cb/", false)]
    [InlineData("https://app.example.com/cb", "https://app.example.com/CB", false)]
    [InlineData("https://app.example.com/cb", "https://APP.example.com/cb", false)]
    [InlineData("https://app.example.com/cb", "https://app.example.com:443/cb", false)]
    [InlineData("https://app.example.com/cb", "https://app.example.com/cb?x=1", false)]
    [InlineData("https://app.example.com/cb", "https://app.example.com/cb#x", false)]
    [InlineData("https://app.example.com/cb", "https://app.example.com/a/../cb", false)]
    [InlineData("https://app.example.com/cb", "https://app.example.com/%63b", false)]
    [InlineData("https://app.example.com/cb", "https://app.example.com.evil.example/cb", false)]
    [InlineData("https://app.example.com/cb", "http://app.example.com/cb", false)]
    [InlineData("https://app.example.com/cb?a=1", "https://app.example.com/cb?a=1", true)]
    [InlineData("https://app.example.com/cb?a=1", "https://app.example.com/cb?a=2", false)]
    [InlineData("com.example.app:/cb", "com.example.app:/cb", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:53412/cb", true)]
    [InlineData("http://127.0.0.1:3000/cb", "http://127.0.0.1:53412/cb", true)]
    [InlineData("http://127.0.0.1:3000/cb", "http://127.0.0.1/cb", true)]
    [InlineData("http://[::1]/cb", "http://[::1]:53412/cb", true)]
    [InlineData("http://[::1]/cb", "http://127.0.0.1:53412/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:53412/other", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1@evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "https://127.0.0.1:53412/cb", false)]
    [InlineData("http://localhost/cb", "http://localhost:53412/cb", false)]
    public void Matches_as_registered(string registered, string presented, bool matches) => RedirectUriMatch.IsRegistered(presented, [registered]).ShouldBe(matches);
}
