using System.Text;
using Gatehouse.Protocols.OAuth;

namespace Gatehouse.Conformance.OAuth.Rfc6749;

/// <summary>RFC 6749 §2.3.1: both halves are form-encoded before base64.</summary>
public sealed class BasicCredentialsTests
{
    private static string Header(string pair, string scheme = "Basic ") => scheme + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    [Theory]
    [InlineData("id:secret", "id", "secret")]
    [InlineData("i%3Ad:s%2Bc+t", "i:d", "s+c t")]
    [InlineData("id:a:b", "id", "a:b")]
    [InlineData("id:", "id", "")]
    [InlineData("%C3%A9:x", "é", "x")]
    public void Decodes_both_halves(string pair, string id, string secret)
    {
        BasicCredentials.TryParse(Header(pair), out var credentials).ShouldBeTrue();
        (credentials.ClientId, credentials.ClientSecret).ShouldBe((id, secret));
    }

    [Fact]
    public void Reads_the_scheme_in_any_case() => BasicCredentials.TryParse(Header("id:secret", "bAsIc "), out _).ShouldBeTrue();

    [Theory]
    [InlineData("id")]
    [InlineData(":secret")]
    [InlineData("id:%zz")]
    [InlineData("id:100%")]
    [InlineData("id:%FF")]
    [InlineData("id:%00")]
    public void Refuses_what_is_not_a_form_encoded_pair(string pair) => BasicCredentials.TryParse(Header(pair), out _).ShouldBeFalse();

    [Theory]
    [InlineData("Basic aWQ6c2VjcmV")]
    [InlineData("Basic aWQ6 c2VjcmV0")]
    [InlineData("Basic  aWQ6c2VjcmV0")]
    [InlineData("Basic aWQ6c2VjcmV0 x")]
    [InlineData("Basic")]
    [InlineData("Bearer aWQ6c2VjcmV0")]
    public void Refuses_what_is_not_base64(string header) => BasicCredentials.TryParse(header, out _).ShouldBeFalse();
}
