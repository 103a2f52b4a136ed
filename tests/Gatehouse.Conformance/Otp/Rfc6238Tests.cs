using System.Text;
using Gatehouse.Protocols.Otp;

namespace Gatehouse.Conformance.Otp;

public sealed class Rfc6238Tests
{
    private const string Digits = "1234567890";

    // Appendix B, with the keys of its erratum 2866: as long as the hash.
    private static byte[] Key(OtpAlgorithm algorithm) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Digits, 7))[..(algorithm switch { OtpAlgorithm.Sha1 => 20, OtpAlgorithm.Sha256 => 32, _ => 64 })]);

    [Theory]
    [InlineData(59, OtpAlgorithm.Sha1, "94287082")]
    [InlineData(59, OtpAlgorithm.Sha256, "46119246")]
    [InlineData(59, OtpAlgorithm.Sha512, "90693936")]
    [InlineData(1111111109, OtpAlgorithm.Sha1, "07081804")]
    [InlineData(1111111109, OtpAlgorithm.Sha256, "68084774")]
    [InlineData(1111111109, OtpAlgorithm.Sha512, "25091201")]
    [InlineData(1111111111, OtpAlgorithm.Sha1, "14050471")]
    [InlineData(1111111111, OtpAlgorithm.Sha256, "67062674")]
    [InlineData(1111111111, OtpAlgorithm.Sha512, "99943326")]
    [InlineData(1234567890, OtpAlgorithm.Sha1, "89005924")]
    [InlineData(1234567890, OtpAlgorithm.Sha256, "91819424")]
    [InlineData(1234567890, OtpAlgorithm.Sha512, "93441116")]
    [InlineData(2000000000, OtpAlgorithm.Sha1, "69279037")]
    [InlineData(2000000000, OtpAlgorithm.Sha256, "90698825")]
    [InlineData(2000000000, OtpAlgorithm.Sha512, "38618901")]
    [InlineData(20000000000, OtpAlgorithm.Sha1, "65353130")]
    [InlineData(20000000000, OtpAlgorithm.Sha256, "77737706")]
    [InlineData(20000000000, OtpAlgorithm.Sha512, "47863826")]
    public void Computes_the_codes_of_appendix_B(long seconds, OtpAlgorithm algorithm, string code)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(seconds);
        Totp.Compute(Key(algorithm), Totp.StepAt(now), 8, algorithm).ShouldBe(code);
        Totp.Compute(Key(algorithm), Totp.StepAt(now), 6, algorithm).ShouldBe(code[2..]);
        Totp.Match(Key(algorithm), code, now, 0, 8, algorithm).ShouldBe(Totp.StepAt(now));
    }

    [Theory]                                             // §4.2: rounded down, also before T0
    [InlineData(0, 0)]
    [InlineData(29, 0)]
    [InlineData(30, 1)]
    [InlineData(-1, -1)]
    [InlineData(-30, -1)]
    [InlineData(-31, -2)]
    public void Counts_steps_of_thirty_seconds(long seconds, long step) => Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds)).ShouldBe(step);

    [Fact]                                               // §5.2, §6
    public void Takes_one_step_of_drift_and_says_which_step_it_was()
    {
        var key = Key(OtpAlgorithm.Sha1);
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);
        var step = Totp.StepAt(now);
        foreach (var offset in new[] { -1, 0, 1 }) Totp.Match(key, Totp.Compute(key, step + offset), now).ShouldBe(step + offset);
        Totp.Match(key, Totp.Compute(key, step - 2), now).ShouldBeNull();
        Totp.Match(key, Totp.Compute(key, step + 2), now).ShouldBeNull();
        Totp.Match(key, Totp.Compute(key, step - 1), now, drift: 0).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870820")]
    [InlineData("28708a")]
    [InlineData("۲۸۷۰۸۲")]
    [InlineData("-87082")]
    public void Takes_nothing_that_is_not_so_many_digits(string code) => Totp.Match(Key(OtpAlgorithm.Sha1), code, DateTimeOffset.FromUnixTimeSeconds(59)).ShouldBeNull();
}
