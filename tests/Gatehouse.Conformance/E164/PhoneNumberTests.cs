using Gatehouse.Protocols.E164;

namespace Gatehouse.Conformance.E164;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+491701234567", "", "+491701234567", "DE")]
    [InlineData("  +49 (170) 123-45.67 ", "", "+491701234567", "DE")]
    [InlineData("0049 170 1234567", "", "+491701234567", "DE")]
    [InlineData("+49 (0) 170 1234567", "", "+491701234567", "DE")]
    [InlineData("\u200e+98 912 345 6789\u200e", "", "+989123456789", "IR")]
    [InlineData("+۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹", "", "+989123456789", "IR")]
    [InlineData("۰۹۱۲۳۴۵۶۷۸۹", "IR", "+989123456789", "IR")]
    [InlineData("٠٩١٢٣٤٥٦٧٨٩", "IR", "+989123456789", "IR")]
    [InlineData("(212) 555-2368", "US", "+12125552368", "US")]
    [InlineData("+1 876 555 1234", "", "+18765551234", "JM")]
    [InlineData("+1 416 555 1234", "", "+14165551234", "CA")]
    [InlineData("+39 06 698 21234", "", "+390669821234", "VA")]
    [InlineData("+44 1534 123456", "", "+441534123456", "JE")]
    public void Reads_what_people_write(string written, string home, string value, string country)
    {
        var number = PhoneNumber.Parse(written, home).ShouldNotBeNull();
        (number.Value, number.Country).ShouldBe((value, country));
        PhoneNumber.Parse(number.Value).ShouldBe(number, "what is stored reads as itself");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("ann@example.com")]
    [InlineData("0170 1234567")]                // whose zero?
    [InlineData("170 1234567")]
    [InlineData("+49")]
    [InlineData("+49 170 1234567 8901 2345")]
    [InlineData("+1 012 555 1234")]
    [InlineData("+1 212 155 1234")]
    [InlineData("+98 912 345 678")]
    [InlineData("+98 00912 345 6789")]
    [InlineData("+49+170 1234567")]
    [InlineData("+49 170 1234567 ext 5")]
    [InlineData("+49 170 1234567;ext=5")]
    [InlineData("+49 170 1234567\r\nBcc: x")]
    [InlineData("+800 1234 5678")]              // freephone
    [InlineData("+979 123 456 789")]            // premium rate
    [InlineData("+881 612 345 678")]            // satellites
    [InlineData("+883 5100 1234 5678")]
    [InlineData("+210 123 456 789")]            // not assigned
    [InlineData("+0 123 456 789")]
    public void Refuses_what_is_none(string? written) => PhoneNumber.Parse(written).ShouldBeNull();

    [Fact]
    public void Refuses_what_is_long_before_it_looks() => PhoneNumber.Parse("+49" + new string(' ', 10_000) + "1701234567").ShouldBeNull();

    [Fact]
    public void Shows_no_more_than_country_and_last_digits()
    {
        var number = PhoneNumber.Parse("+491701234567").ShouldNotBeNull();
        number.Masked.ShouldBe("+49 ••• 67");
        (number.Block(4), number.Block(20)).ShouldBe(("+491701", "+491701234567"));
    }

    [Theory]
    [InlineData("DE", true)]
    [InlineData("JM", true)]
    [InlineData("de", false)]
    [InlineData("XX", false)]
    [InlineData("", false)]
    public void Knows_countries(string country, bool known) => PhoneNumber.IsCountry(country).ShouldBe(known);

    [Fact]
    public void Makes_up_a_number_of_every_country_always_the_same()
    {
        byte[] seed = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 37))];
        foreach (var country in (string[])["DE", "IR", "US", "GB", "IT", "AT", "FR", "IN"])
        {
            var number = PhoneNumber.StandIn(country, seed).ShouldNotBeNull(country);
            number.Country.ShouldBe(country);
            PhoneNumber.Parse(number.Value).ShouldBe(number);
            PhoneNumber.StandIn(country, seed).ShouldBe(number);
        }
        PhoneNumber.StandIn("XX", seed).ShouldBeNull();
    }
}
