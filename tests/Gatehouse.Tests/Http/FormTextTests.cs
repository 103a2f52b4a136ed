using System.Text;
using Gatehouse.Http;

namespace Gatehouse.Tests.Http;

public sealed class FormTextTests
{
    [Fact]
    public void Decodes_fields_in_order()
    {
        var form = Parse("a=1&b=%C3%A4+x&c&d=%26%3D&&e=")!;
        form.Fields.Select(f => $"{f.Key}:{f.Value}").ShouldBe(["a:1", "b:ä x", "c:", "d:&=", "e:"]);
        form["b"].ShouldBe("ä x");
        form.TryGet("c", out _).ShouldBeFalse("RFC 6749 §3.1: a parameter without a value is as if omitted");
    }

    [Theory]
    [InlineData("a=%")]
    [InlineData("a=%4")]
    [InlineData("a=%zz")]
    [InlineData("a=%ff")]
    [InlineData("a=%c3%28")]
    [InlineData("a=%ed%a0%80")]
    [InlineData("a=%c0%af")]
    [InlineData("a=%00")]
    [InlineData("%ff=1")]
    public void Refuses_what_is_not_percent_encoded_utf8(string text) => Parse(text).ShouldBeNull();

    [Fact]
    public void Refuses_raw_bytes_that_are_not_utf8() => FormText.TryParse([(byte)'a', (byte)'=', 0xff]).ShouldBeNull();

    [Fact]
    public void Bounds_the_number_of_fields()
    {
        Parse(string.Join('&', Enumerable.Range(0, FormText.MaxFields).Select(i => $"f{i}=1"))).ShouldNotBeNull();
        Parse(string.Join('&', Enumerable.Range(0, FormText.MaxFields + 1).Select(i => $"f{i}=1"))).ShouldBeNull();
    }

    [Fact]
    public void Sees_duplicates_whose_names_are_spelled_differently()
    {
        var form = Parse("scope=a&resource=x&sc%6fpe=b&resource=y")!;
        form.FirstDuplicate("resource").ShouldBe("scope");
        form["scope"].ShouldBeNull();
        form.All("resource").ShouldBe(["x", "y"]);
        Parse("a=1&resource=x&resource=y")!.FirstDuplicate("resource").ShouldBeNull();
    }

    private static FormValues? Parse(string text) => FormText.TryParse(Encoding.UTF8.GetBytes(text));
}
