using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// The NIST prime curves of RFC 7518 §6.2.1.1 with the one check that a public key needs: that its point is on the curve. We make it
/// ourselves, before any cryptographic library sees the key, because an invalid point is an attack and not a library's detail.
/// </summary>
internal sealed class EllipticCurve
{
    public static readonly EllipticCurve P256 = new("P-256", ECCurve.NamedCurves.nistP256, 32,
        Power(256) - Power(224) + Power(192) + Power(96) - 1,
        "05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    public static readonly EllipticCurve P384 = new("P-384", ECCurve.NamedCurves.nistP384, 48,
        Power(384) - Power(128) - Power(96) + Power(32) - 1,
        "0b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef");
    public static readonly EllipticCurve P521 = new("P-521", ECCurve.NamedCurves.nistP521, 66,
        Power(521) - 1,
        "051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00");

    private readonly BigInteger prime;
    private readonly BigInteger b;

    private EllipticCurve(string name, ECCurve curve, int coordinateLength, BigInteger prime, string b)
    {
        (Name, Curve, CoordinateLength, this.prime) = (name, curve, coordinateLength, prime);
        this.b = BigInteger.Parse(b, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>The <c>crv</c> value.</summary>
    public string Name { get; }
    public ECCurve Curve { get; }
    public int CoordinateLength { get; }
    public int FieldBits => this == P521 ? 521 : CoordinateLength * 8;

    public static EllipticCurve? TryParse(string? name) => name switch { "P-256" => P256, "P-384" => P384, "P-521" => P521, _ => null };

    /// <summary>Whether (x, y) is a point of the curve y² = x³ − 3x + b. The point at infinity has no such coordinates.</summary>
    public bool Contains(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var (px, py) = (new BigInteger(x, isUnsigned: true, isBigEndian: true), new BigInteger(y, isUnsigned: true, isBigEndian: true));
        if (px >= prime || py >= prime) return false;
        return ((py * py - (px * px - 3) * px - b) % prime).IsZero;
    }

    private static BigInteger Power(int exponent) => BigInteger.One << exponent;
}
