using System.Numerics;
using System.Security.Cryptography;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Testing;

/// <summary>
/// RSA pairs for the thousands of tenants that tests make: each has a modulus of its own, put together from two of a few primes that all
/// of them share. Finding primes is what makes a pair dear, and was a third of all that the tests computed. Worth nothing outside
/// tests: whoever has two moduli with a prime in common has both private keys.
/// </summary>
internal sealed class TestKeyPairs : IKeyPairs
{
    private static readonly BigInteger Exponent = 65537;
    private static readonly Lock Turn = new();
    private static readonly List<BigInteger> Primes = [];
    private static int first, second = 1;

    public SigningKey Make(JwsAlgorithm algorithm)
    {
        if (algorithm.KeyType != JwsKeyType.Rsa) return SigningKey.Generate(algorithm);
        var (p, q) = NextPair();
        using var rsa = RSA.Create(Parameters(p, q));
        return SigningKey.ImportPkcs8(algorithm, rsa.ExportPkcs8PrivateKey());
    }

    /// <summary>Every pair once: (0,1), (0,2), (1,2), (0,3) … so that n primes are needed for n²/2 pairs.</summary>
    private static (BigInteger P, BigInteger Q) NextPair()
    {
        lock (Turn)
        {
            while (Primes.Count <= second) AddPrimes();
            var pair = (Primes[first], Primes[second]);
            if (++first == second) (first, second) = (0, second + 1);
            return pair;
        }
    }

    private static void AddPrimes()
    {
        using var rsa = RSA.Create(SigningKey.DefaultRsaBits);
        var made = rsa.ExportParameters(includePrivateParameters: true);
        Primes.Add(Read(made.P!));
        Primes.Add(Read(made.Q!));
    }

    private static RSAParameters Parameters(BigInteger p, BigInteger q)
    {
        const int Bytes = SigningKey.DefaultRsaBits / 8;
        var d = Inverse(Exponent, (p - 1) * (q - 1));
        return new()
        {
            Modulus = Write(p * q, Bytes), Exponent = Write(Exponent, 3), D = Write(d, Bytes),
            P = Write(p, Bytes / 2), Q = Write(q, Bytes / 2), DP = Write(d % (p - 1), Bytes / 2), DQ = Write(d % (q - 1), Bytes / 2),
            InverseQ = Write(Inverse(q, p), Bytes / 2),
        };
    }

    /// <summary>By Euclid's algorithm: <c>value · result ≡ 1 (mod modulus)</c>.</summary>
    private static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        var (a, b, x, y) = (value % modulus, modulus, BigInteger.One, BigInteger.Zero);
        while (b != 0)
        {
            var quotient = a / b;
            (a, b) = (b, a - quotient * b);
            (x, y) = (y, x - quotient * y);
        }
        return x < 0 ? x + modulus : x;
    }

    private static BigInteger Read(byte[] bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);

    private static byte[] Write(BigInteger value, int length)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - bytes.Length], .. bytes];
    }
}
