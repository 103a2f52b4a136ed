using Gatehouse.Users;

namespace Gatehouse.Tests.Users;

public sealed class EmailAddressTests
{
    private static EmailAddress Read(string text) =>
        EmailAddress.Parse(text).TryGet(out var address, out var problem) ? address : throw new Xunit.Sdk.XunitException($"{text}: {problem.Code}");

    [Theory]
    [InlineData("ann@example.com", "ann@example.com", "ann@example.com")]
    [InlineData("  Ann.Example@EXAMPLE.Com ", "Ann.Example@example.com", "ann.example@example.com")]
    [InlineData("ann+tag@example.com", "ann+tag@example.com", "ann+tag@example.com")]
    [InlineData("o'brien@example.com", "o'brien@example.com", "o'brien@example.com")]
    [InlineData("ＡＮＮ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ANN@example.com", "ann@example.com")]         // full width: NFKC before everything else
    [InlineData("ann@BÜCHER.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@bu\u0308cher.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example")]
    [InlineData("JÖRG@example.com", "JÖRG@example.com", "jörg@example.com")]
    [InlineData("jo\u0308rg@example.com", "jörg@example.com", "jörg@example.com")]
    [InlineData("علی@example.com", "علی@example.com", "علی@example.com")]
    [InlineData("root@localhost", "root@localhost", "root@localhost")]
    public void Reads_and_normalises(string text, string address, string normalized)
    {
        var read = Read(text);
        (read.Address, read.Normalized).ShouldBe((address, normalized));
        (Read(read.Normalized).Normalized, Read(read.Address).Normalized).ShouldBe((normalized, normalized));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("ann")]
    [InlineData("@example.com")]
    [InlineData("ann@")]
    [InlineData("ann@@example.com")]
    [InlineData("ann@b@example.com")]
    [InlineData("ann@example.com.")]
    [InlineData("ann@.example.com")]
    [InlineData("ann@example..com")]
    [InlineData("ann@-example.com")]
    [InlineData("ann@exa_mple.com")]
    [InlineData("ann@exa mple.com")]
    [InlineData("ann@[192.0.2.1]")]
    [InlineData("\"ann b\"@example.com")]
    [InlineData("ann b@example.com")]
    [InlineData(".ann@example.com")]
    [InlineData("ann.@example.com")]
    [InlineData("an..n@example.com")]
    [InlineData("ann,bob@example.com")]
    [InlineData("<ann@example.com>")]
    [InlineData("ann\r\nBcc: eve@example.com")]
    [InlineData("ann\0@example.com")]
    [InlineData("an\u200Bn@example.com")]       // zero width space
    [InlineData("an\u00ADn@example.com")]       // soft hyphen
    [InlineData("\u202Emoc.elpmaxe@nna")]       // right-to-left override
    [InlineData("an\u2066n@example.com")]
    [InlineData("an\uFE0Fn@example.com")]       // variation selector
    [InlineData("an\u034Fn@example.com")]       // combining grapheme joiner
    [InlineData("an\u3164n@example.com")]       // Hangul filler
    [InlineData("an\uE000n@example.com")]       // private use
    [InlineData("ann@xn--a.example")]           // not the encoding of anything
    [InlineData("ann\u2024@example.com")]       // NFKC makes it a dot at the end
    [InlineData("a\uFE6Bb@example.com")]        // NFKC makes it a second @
    public void Refuses_what_is_no_address(string? text)
    {
        EmailAddress.Parse(text).TryGet(out _, out var problem).ShouldBeFalse();
        (problem!.Code, problem.Status, problem.Field).ShouldBe(("email_invalid", 422, "email"));
    }

    [Fact]
    public void Refuses_half_of_a_surrogate_pair() => EmailAddress.Parse("an" + '\uD800' + "n@example.com").TryGet(out _, out _).ShouldBeFalse();

    [Fact]
    public void Refuses_more_than_64_bytes_before_the_at_and_more_than_254_in_all()
    {
        Read(new string('a', 64) + "@example.com");
        EmailAddress.Parse(new string('a', 65) + "@example.com").TryGet(out _, out _).ShouldBeFalse();
        EmailAddress.Parse(new string('ö', 33) + "@example.com").TryGet(out _, out _).ShouldBeFalse();
        var label = new string('d', 60);
        Read($"{new string('a', 64)}@{label}.{label}.{label}.domain");             // 64 + 1 + 189 = 254
        EmailAddress.Parse($"{new string('a', 64)}@{label}.{label}.{label}.example").TryGet(out _, out _).ShouldBeFalse();
        EmailAddress.Parse(new string('a', 100_000)).TryGet(out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Normalising_twice_changes_nothing()
    {
        // Every letter that folds somewhere: what is unique must not depend on how often it was normalised.
        for (var c = 0xA1; c < 0x2FFF; c++)
        {
            if (char.IsSurrogate((char)c) || !EmailAddress.Parse($"a{(char)c}b@example.com").TryGet(out var once, out _)) continue;
            Read(once.Normalized).Normalized.ShouldBe(once.Normalized, $"U+{c:X4}");
            Read(once.Address).Normalized.ShouldBe(once.Normalized, $"U+{c:X4}");
        }
    }
}
