using System.Text;
using Gatehouse.Protocols.OAuth;

namespace Gatehouse.Conformance.OAuth.Rfc6749;

/// <summary>RFC 6749 appendix B and §3.1: form encoding of UTF-8, strictly; empty is absent; twice is noticed.</summary>
public sealed class FormEncodingTests
{
    private static FormParameters? Parse(string body) => FormParameters.Parse(Encoding.Latin1.GetBytes(body)).TryGet(out var parameters, out _) ? parameters : null;

    [Theory]
    [InlineData("a=1&b=2", "1")]
    [InlineData("a=%C3%A9", "é")]
    [InlineData("a=one+two%2Bthree", "one two+three")]
    [InlineData("%61=1", "1")]
    [InlineData("a=%e2%82%ac", "€")]
    [InlineData("a=x%3Dy%26z", "x=y&z")]
    [InlineData("a==", "=")]
    [InlineData("&&a=1&", "1")]
    [InlineData("a=", null)]
    [InlineData("a", null)]
    [InlineData("b=1", null)]
    [InlineData("A=1", null)]
    [InlineData("", null)]
    public void Reads_a_value(string body, string? expected) => Parse(body)!["a"].ShouldBe(expected);

    [Theory]
    [InlineData("a=%")]
    [InlineData("a=%4")]
    [InlineData("a=%4g")]
    [InlineData("a=%u0041")]
    [InlineData("a=%FF")]                // not UTF-8
    [InlineData("a=%C0%AF")]             // an overlong slash
    [InlineData("a=%ED%A0%80")]          // half a surrogate pair
    [InlineData("a=\u00ff")]             // a raw byte that is not UTF-8
    [InlineData("a=%00")]
    [InlineData("%FF=1")]
    [InlineData("b%zz=1")]
    public void Refuses_what_is_not_form_encoded_utf8(string body) => Parse(body).ShouldBeNull();

    [Theory]
    [InlineData("a=1&a=1", "a")]
    [InlineData("a=1&%61=2", "a")]
    [InlineData("resource=x&resource=y", null)]
    [InlineData("a=1&a=", null)]         // an empty one is not there
    [InlineData("a=1&A=1", null)]
    public void Notices_what_is_named_twice(string body, string? repeated) => Parse(body)!.FindRepeated().ShouldBe(repeated);

    [Fact]
    public void Gives_every_value_of_a_repeatable_parameter() => Parse("resource=x&b=1&resource=y")!.All("resource").ShouldBe(["x", "y"]);

    [Fact]
    public void Bounds_the_number_of_parameters()
    {
        Parse(string.Join('&', Enumerable.Range(0, 100).Select(i => $"p{i}=1"))).ShouldNotBeNull();
        Parse(string.Join('&', Enumerable.Range(0, 101).Select(i => $"p{i}=1"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("?a=1", "1")]
    [InlineData("a=1", "1")]
    [InlineData("?", null)]
    [InlineData(null, null)]
    public void Reads_a_query(string? query, string? expected) => (FormParameters.ParseQuery(query).TryGet(out var p, out _) ? p["a"] : "refused").ShouldBe(expected);

    [Fact]
    public void Refuses_a_query_that_is_not_ascii() => FormParameters.ParseQuery("?a=é").TryGet(out _, out _).ShouldBeFalse();
}
