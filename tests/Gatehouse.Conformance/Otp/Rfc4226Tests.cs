using System.Text;
using Gatehouse.Protocols.Otp;

namespace Gatehouse.Conformance.Otp;

public sealed class Rfc4226Tests
{
    private static readonly byte[] key = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]                                             // Appendix D
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(2, "359152")]
    [InlineData(3, "969429")]
    [InlineData(4, "338314")]
    [InlineData(5, "254676")]
    [InlineData(6, "287922")]
    [InlineData(7, "162583")]
    [InlineData(8, "399871")]
    [InlineData(9, "520489")]
    public void Computes_the_codes_of_appendix_D(long counter, string code) => Hotp.Compute(key, counter).ShouldBe(code);

    [Fact]                                               // §4 R6
    public void Takes_no_key_below_160_bits()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Hotp.Compute(new byte[19], 0));
        Totp.NewKey().Length.ShouldBe(20);
        Totp.NewKey().ShouldNotBe(Totp.NewKey());
    }

    [Theory]                                             // §5.3
    [InlineData(5)]
    [InlineData(10)]
    public void Makes_codes_of_six_to_nine_digits(int digits) => Should.Throw<ArgumentOutOfRangeException>(() => Hotp.Compute(key, 0, digits));
}
