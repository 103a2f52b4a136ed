using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7515;

public class Base64UrlTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Zg", "f")]
    [InlineData("Zm8", "fo")]
    [InlineData("Zm9v", "foo")]
    [InlineData("Zm9vYg", "foob")]
    [InlineData("Zm9vYmE", "fooba")]
    [InlineData("Zm9vYmFy", "foobar")]
    public void Decodes_what_it_encodes(string text, string plain)   // RFC 4648 §10
    {
        Base64UrlStrict.Encode(Encoding.ASCII.GetBytes(plain)).ShouldBe(text);
        Base64UrlStrict.TryDecode(text, out var fromChars).ShouldBeTrue();
        Base64UrlStrict.TryDecode(Encoding.ASCII.GetBytes(text), out var fromBytes).ShouldBeTrue();
        Encoding.ASCII.GetString(fromChars!).ShouldBe(plain);
        fromBytes.ShouldBe(fromChars);
    }

    [Theory]
    [InlineData("Z")]
    [InlineData("Zm9vY")]
    [InlineData("Zg==")]
    [InlineData("Zg=")]
    [InlineData("Zm8=")]
    [InlineData("Zm9v====")]
    [InlineData(" Zg")]
    [InlineData("Zm 9v")]
    [InlineData("Zm9v\n")]
    [InlineData("Zm9v\r\n")]
    [InlineData("Zh")]      // not zero behind the last byte
    [InlineData("Zm9")]
    [InlineData("Zm9vYmF")]
    [InlineData("+/+/")]
    [InlineData("Zm.v")]
    [InlineData("Zm9v\0")]
    [InlineData("Zmé9")]
    [InlineData("Ａm9v")]
    public void Refuses_every_other_spelling(string text)
    {
        Base64UrlStrict.TryDecode(text, out _).ShouldBeFalse();
        Base64UrlStrict.TryDecode(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
        Base64UrlStrict.TryDecode(Encoding.UTF8.GetBytes(text), new byte[64], out _).ShouldBeFalse();
    }

    /// <summary>All texts of two and three characters: exactly one spelling for each of 256 and 65,536 byte strings.</summary>
    [Fact]
    public void Has_one_spelling_for_each_byte_string()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var (two, three) = (0, 0);
        foreach (var a in Alphabet)
            foreach (var b in Alphabet)
            {
                if (Base64UrlStrict.TryDecode([a, b], out _)) two++;
                foreach (var c in Alphabet)
                    if (Base64UrlStrict.TryDecode([a, b, c], out _)) three++;
            }
        (two, three).ShouldBe((256, 65536));
    }
}
