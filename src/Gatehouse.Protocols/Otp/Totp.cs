using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Protocols.Otp;

/// <summary>TOTP, RFC 6238: HOTP with the time as counter. Values in, values out; the clock and the last accepted step are the caller's.</summary>
public static class Totp
{
    /// <summary>RFC 6238 §5.2: the recommended step, and the only one most applications compute.</summary>
    public const int PeriodSeconds = 30;

    /// <summary>A new key: 160 bits (RFC 4226 §4 R6).</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(Hotp.MinKeyBytes);

    /// <summary>RFC 6238 §4.2: T = (now - T0) / X with T0 = 0, rounded down.</summary>
    public static long StepAt(DateTimeOffset now, int periodSeconds = PeriodSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(periodSeconds, 1);
        return Math.DivRem(now.ToUnixTimeSeconds(), periodSeconds) is var (whole, rest) && rest < 0 ? whole - 1 : whole;
    }

    /// <summary>The code of a step.</summary>
    public static string Compute(ReadOnlySpan<byte> key, long step, int digits = 6, OtpAlgorithm algorithm = OtpAlgorithm.Sha1) =>
        Hotp.Compute(key, step, digits, algorithm);

    /// <summary>
    /// The step whose code this is, among those within <paramref name="drift"/> of now; null when none is. Every candidate is computed and
    /// compared in constant time, whichever fits. §5.2: the caller accepts a step once, and none before it.
    /// </summary>
    /// <param name="drift">Steps before and after now that are taken, for clocks that differ and people who type slowly (§5.2, §6). 0 to 2.</param>
    public static long? Match(ReadOnlySpan<byte> key, ReadOnlySpan<char> code, DateTimeOffset now, int drift = 1, int digits = 6, OtpAlgorithm algorithm = OtpAlgorithm.Sha1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(drift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drift, 2);
        if (code.Length != digits || code.ContainsAnyExceptInRange('0', '9')) return null;
        Span<byte> given = stackalloc byte[Hotp.MaxDigits], candidate = stackalloc byte[Hotp.MaxDigits];
        Encoding.ASCII.GetBytes(code, given);
        var current = StepAt(now);
        long? found = null;
        for (var step = current - drift; step <= current + drift; step++)
        {
            Encoding.ASCII.GetBytes(Compute(key, step, digits, algorithm), candidate);
            // The newest that fits: two steps may share a code, and the newer one is the harder to use again.
            if (CryptographicOperations.FixedTimeEquals(given[..digits], candidate[..digits])) found = step;
        }
        return found;
    }
}
