using System.Security.Cryptography;
using System.Text;
using Gatehouse.Protocols.Otp;

namespace Gatehouse.Conformance.Otp;

public sealed class KeyUriTests
{
    [Theory]                                             // RFC 4648 §10, without padding
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Writes_base32(string plain, string text)
    {
        KeyText.Encode(Encoding.ASCII.GetBytes(plain)).ShouldBe(text);
        KeyText.Decode(text).ShouldBe(Encoding.ASCII.GetBytes(plain));
    }

    [Fact]
    public void Reads_what_it_wrote_in_groups_and_either_case()
    {
        for (var length = 20; length < 70; length++)
        {
            var key = RandomNumberGenerator.GetBytes(length);
            KeyText.Decode(KeyText.Grouped(KeyText.Encode(key)).ToLowerInvariant()).ShouldBe(key);
        }
    }

    [Theory]
    [InlineData("M")]
    [InlineData("MZ1")]
    [InlineData("MZX")]
    [InlineData("MZ")]
    [InlineData("MY======")]
    public void Reads_nothing_else(string text) => KeyText.Decode(text).ShouldBeNull();

    [Fact]
    public void Says_who_asks_and_for_whom()
    {
        var uri = OtpAuthUri.Of("Blue Harbor: Öl & Gas", "ann+x@example.com", Encoding.ASCII.GetBytes("12345678901234567890"));
        uri.ShouldBe("otpauth://totp/Blue%20Harbor%20%20%C3%96l%20%26%20Gas:ann%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Blue%20Harbor%20%20%C3%96l%20%26%20Gas&algorithm=SHA1&digits=6&period=30");
        OtpAuthUri.Of(string.Concat(Enumerable.Repeat("😀", 100)), "a", new byte[20]).ShouldContain(string.Concat(Enumerable.Repeat("%F0%9F%98%80", 60)) + ":a?");
    }
}
