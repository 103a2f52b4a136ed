using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>Reads the TPM's big-endian structures (TPM 2.0 library, part 2). Past the end everything is zero and <see cref="Failed"/> is set.</summary>
internal ref struct TpmReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> rest = data;

    internal bool Failed { get; private set; }
    internal readonly bool AtEnd => rest.IsEmpty && !Failed;

    internal ReadOnlySpan<byte> Take(int length)
    {
        if (length > rest.Length)
        {
            Failed = true;
            rest = default;
            return new byte[length];
        }
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));
    internal uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A <c>TPM2B</c>: two bytes of length, then the bytes.</summary>
    internal byte[] Sized() => Take(UInt16()).ToArray();
}

/// <summary><c>TPMT_PUBLIC</c>, part 2 §12.2.4.</summary>
internal sealed record TpmPublicArea(byte[] Name, ushort Type, ushort Curve, uint Exponent, byte[] X, byte[] Y)
{
    private const ushort Rsa = 0x0001, Ecc = 0x0023, Null = 0x0010;

    internal static TpmPublicArea? Read(byte[] area)
    {
        var reader = new TpmReader(area);
        var (type, nameAlgorithm) = (reader.UInt16(), reader.UInt16());
        reader.UInt32();                                           // objectAttributes
        reader.Sized();                                            // authPolicy
        if (reader.UInt16() != Null) reader.Take(4);               // symmetric: keyBits, mode
        if (reader.UInt16() != Null) reader.Take(2);               // scheme: hashAlg
        ushort curve = 0;
        uint exponent = 0;
        byte[] x, y = [];
        switch (type)
        {
            case Rsa:
                reader.UInt16();                                   // keyBits
                exponent = reader.UInt32();
                x = reader.Sized();
                break;
            case Ecc:
                curve = reader.UInt16();
                if (reader.UInt16() != Null) reader.Take(2);       // kdf: hashAlg
                (x, y) = (reader.Sized(), reader.Sized());
                break;
            default:
                return null;
        }
        if (!reader.AtEnd || NameOf(nameAlgorithm, area) is not { } name) return null;
        return new(name, type, curve, exponent == 0 ? 65537 : exponent, x, y);
    }

    internal bool IsKeyOf(CoseKey key) => Type == Rsa
        ? key.Algorithm == CoseKey.RS256 && X.AsSpan().SequenceEqual(key.X) && key.Y.Length <= 4 && new System.Numerics.BigInteger(key.Y, isUnsigned: true, isBigEndian: true) == Exponent
        : (Curve, key.Algorithm) is (0x0003, CoseKey.ES256) or (0x0004, CoseKey.ES384) or (0x0005, CoseKey.ES512) && Same(X, key.X) && Same(Y, key.Y);

    /// <summary>A TPM may leave a coordinate's leading zeros away.</summary>
    private static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.TrimStart((byte)0).SequenceEqual(b.TrimStart((byte)0));

    /// <summary>Part 1 §16: the algorithm and the hash of the area under it.</summary>
    private static byte[]? NameOf(ushort algorithm, byte[] area)
    {
        var hash = algorithm switch { 0x000B => SHA256.HashData(area), 0x000C => SHA384.HashData(area), 0x000D => SHA512.HashData(area), _ => null };
        return hash is null ? null : [(byte)(algorithm >> 8), (byte)algorithm, .. hash];
    }
}

/// <summary><c>TPMS_ATTEST</c> of the kind that certifies a key, part 2 §10.12.12.</summary>
internal sealed record TpmCertifyInfo(byte[] ExtraData, byte[] Name)
{
    private const uint Generated = 0xFF544347;       // "\xffTCG": made inside the TPM
    private const ushort Certify = 0x8017;

    internal static TpmCertifyInfo? Read(byte[] certInfo)
    {
        var reader = new TpmReader(certInfo);
        if (reader.UInt32() != Generated || reader.UInt16() != Certify) return null;
        reader.Sized();                              // qualifiedSigner
        var extraData = reader.Sized();
        reader.Take(17 + 8);                         // clockInfo, firmwareVersion
        var name = reader.Sized();
        reader.Sized();                              // qualifiedName
        return reader.AtEnd ? new(extraData, name) : null;
    }
}
