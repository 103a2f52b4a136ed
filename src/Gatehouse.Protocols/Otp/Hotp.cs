using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gatehouse.Protocols.Otp;

/// <summary>The hash below the code. RFC 4226 knows SHA-1 only; RFC 6238 §1.2 adds the others. HMAC needs no collision resistance, so SHA-1 is sound here.</summary>
public enum OtpAlgorithm { Sha1, Sha256, Sha512 }

/// <summary>HOTP, RFC 4226: a code from a key and a counter.</summary>
public static class Hotp
{
    /// <summary>RFC 4226 §4 R6: 128 bits at least, 160 recommended. We make and take none shorter than 160.</summary>
    public const int MinKeyBytes = 20;

    /// <summary>Fewest and most digits of a code: RFC 4226 §5.3 asks for six at least; nine are all that 31 bits give.</summary>
    public const int MinDigits = 6, MaxDigits = 9;

    /// <summary>RFC 4226 §5.3.</summary>
    public static string Compute(ReadOnlySpan<byte> key, long counter, int digits = 6, OtpAlgorithm algorithm = OtpAlgorithm.Sha1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, MinKeyBytes, nameof(key));
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, MinDigits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, MaxDigits);

        // Step 1: HS = HMAC(K, C).
        Span<byte> message = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, counter);
        Span<byte> hash = stackalloc byte[HMACSHA512.HashSizeInBytes];
        hash = hash[..Hash(algorithm, key, message, hash)];
        // Step 2: dynamic truncation (§5.4): four bytes, where the last nibble says, without the sign bit.
        var offset = hash[^1] & 0x0F;
        var binary = BinaryPrimitives.ReadUInt32BigEndian(hash.Slice(offset, 4)) & 0x7FFF_FFFF;
        CryptographicOperations.ZeroMemory(hash);
        // Step 3: Snum mod 10^Digit.
        Span<char> code = stackalloc char[digits];
        for (var i = digits - 1; i >= 0; i--) { code[i] = (char)('0' + (binary % 10)); binary /= 10; }
        return new string(code);
    }

    private static int Hash(OtpAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> hash) => algorithm switch
    {
#pragma warning disable CA5350 // what every authenticator application computes; see OtpAlgorithm
        OtpAlgorithm.Sha1 => HMACSHA1.HashData(key, message, hash),
#pragma warning restore CA5350
        OtpAlgorithm.Sha256 => HMACSHA256.HashData(key, message, hash),
        OtpAlgorithm.Sha512 => HMACSHA512.HashData(key, message, hash),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
