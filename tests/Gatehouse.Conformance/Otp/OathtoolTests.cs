using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Gatehouse.Protocols.Otp;

namespace Gatehouse.Conformance.Otp;

/// <summary>Against an implementation that is not ours: <c>oathtool</c> of Debian's package of that name.</summary>
public sealed class OathtoolTests
{
    [Theory]
    [InlineData(OtpAlgorithm.Sha1, 6)]
    [InlineData(OtpAlgorithm.Sha1, 8)]
    [InlineData(OtpAlgorithm.Sha256, 6)]
    [InlineData(OtpAlgorithm.Sha512, 8)]
    public async Task Computes_the_codes_that_oathtool_computes(OtpAlgorithm algorithm, int digits)
    {
        for (var i = 0; i < 10; i++)
        {
            var key = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(20, 65));
            var now = DateTimeOffset.FromUnixTimeSeconds(RandomNumberGenerator.GetInt32(int.MaxValue));
            var theirs = await RunAsync($"--totp={algorithm}", "--base32", $"--digits={digits}", $"--now={now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC", KeyText.Encode(key));
            Totp.Compute(key, Totp.StepAt(now), digits, algorithm).ShouldBe(theirs, KeyText.Encode(key));
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("oathtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = await process.StandardOutput.ReadToEndAsync();
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0, error);
            return output.Trim();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("The program `oathtool` is missing. Install it: Debian's package `oathtool`.", e);
        }
    }
}
