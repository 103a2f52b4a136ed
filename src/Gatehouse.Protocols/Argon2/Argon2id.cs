using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gatehouse.Protocols.Argon2;

/// <summary>
/// Argon2id, version 0x13: RFC 9106. The password hash of this product. It works in memory rented from an
/// <see cref="Argon2MemoryPool"/>, so that the cost is the hash and not the kernel's zeroing of fresh pages.
/// </summary>
public static class Argon2id
{
    private const int Version = 0x13;
    private const int SeedBytes = 64;

    /// <summary>
    /// Hashes into <paramref name="tag"/>, whose length must be <see cref="Argon2Parameters.TagLength"/>. The secret is K, a key kept apart
    /// from the hashes ("pepper"), and the associated data X; both may be empty. The memory must hold at least
    /// <see cref="Argon2Parameters.MemoryKiB"/>; it is wiped when it is returned, not here.
    /// </summary>
    public static void Hash(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> associatedData,
        Argon2Parameters p, Argon2Memory memory, Span<byte> tag)
    {
        if (Vector512Compression.IsSupported)
            Hash<Vector512Compression>(Argon2Variant.Id, password, salt, secret, associatedData, p, memory, tag);
        else if (Vector256Compression.IsSupported)
            Hash<Vector256Compression>(Argon2Variant.Id, password, salt, secret, associatedData, p, memory, tag);
        else
            Hash<ScalarCompression>(Argon2Variant.Id, password, salt, secret, associatedData, p, memory, tag);
    }

    /// <summary>Hashes a password with its salt, without secret or associated data.</summary>
    public static void Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Argon2Parameters p, Argon2Memory memory, Span<byte> tag) =>
        Hash(password, salt, secret: default, associatedData: default, p, memory, tag);

    /// <summary>Hashes anew and compares in constant time.</summary>
    public static bool Verify(ReadOnlySpan<byte> password, ReadOnlySpan<byte> secret, PhcHash expected, Argon2Memory memory)
    {
        var actual = new byte[expected.Tag.Length];
        Hash(password, expected.Salt.Span, secret, associatedData: default, expected.Parameters, memory, actual);
        var equal = CryptographicOperations.FixedTimeEquals(actual, expected.Tag.Span);
        CryptographicOperations.ZeroMemory(actual);
        return equal;
    }

    internal static unsafe void Hash<TCompression>(
        Argon2Variant variant, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associatedData, Argon2Parameters p, Argon2Memory memory, Span<byte> tag) where TCompression : ICompression
    {
        if (p.Parallelism == 0) throw new ArgumentException("Default parameters are none.", nameof(p));
        ArgumentOutOfRangeException.ThrowIfLessThan(salt.Length, 8, nameof(salt));
        if (tag.Length != p.TagLength) throw new ArgumentException("The tag's length is a parameter of the hash.", nameof(tag));
        var segmentLength = p.SegmentLength;
        var blocks = (nuint)segmentLength * 4 * (nuint)p.Parallelism;
        using var use = memory.Use(blocks * BlockLayout.Bytes);
        var fill = new MemoryFill(use.Start, variant, p.Parallelism, segmentLength, p.Iterations);

        // §3.2 steps 1 and 2: H₀, with room for the two counters of steps 3 and 4.
        Span<byte> seed = stackalloc byte[SeedBytes + 8];
        HashInputs(variant, password, salt, secret, associatedData, p, seed[..SeedBytes]);

        // Steps 3 and 4: the first two blocks of each lane.
        Span<byte> block = stackalloc byte[BlockLayout.Bytes];
        for (var lane = 0; lane < p.Parallelism; lane++)
        {
            for (var column = 0; column < 2; column++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(seed[SeedBytes..], column);
                BinaryPrimitives.WriteInt32LittleEndian(seed[(SeedBytes + 4)..], lane);
                VariableLengthHash.Hash(seed, block);
                BlockLayout.Load(block, fill.Block(lane, column));
            }
        }

        fill.Run<TCompression>();

        // Steps 7 and 8: the XOR of the lanes' last blocks, hashed to the length asked for.
        var lastColumn = (4 * segmentLength) - 1;
        var final = fill.Block(0, lastColumn);
        for (var lane = 1; lane < p.Parallelism; lane++)
        {
            var other = fill.Block(lane, lastColumn);
            for (var i = 0; i < BlockLayout.Words; i++) final[i] ^= other[i];
        }
        BlockLayout.Store(final, block);
        VariableLengthHash.Hash(block, tag);
        CryptographicOperations.ZeroMemory(seed);
        CryptographicOperations.ZeroMemory(block);
    }

    private static void HashInputs(
        Argon2Variant variant, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associatedData, Argon2Parameters p, Span<byte> seed)
    {
        var hash = new Blake2b(SeedBytes);
        hash.UpdateInt32(p.Parallelism);
        hash.UpdateInt32(p.TagLength);
        hash.UpdateInt32(p.MemoryKiB);
        hash.UpdateInt32(p.Iterations);
        hash.UpdateInt32(Version);
        hash.UpdateInt32((int)variant);
        UpdateWithLength(ref hash, password);
        UpdateWithLength(ref hash, salt);
        UpdateWithLength(ref hash, secret);
        UpdateWithLength(ref hash, associatedData);
        hash.Finish(seed);
    }

    private static void UpdateWithLength(ref Blake2b hash, ReadOnlySpan<byte> value)
    {
        hash.UpdateInt32(value.Length);
        hash.Update(value);
    }
}
