using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Gatehouse.Protocols.Argon2;

/// <summary>
/// How a block lies in memory. RFC 9106 §3.5 sees a block of 128 words as 8 rows of 16; word 16r+2c+e belongs to row r and column c.
/// We keep groups of four words together but order the 32 groups by (r÷2, c÷2, r mod 2) instead of (r, c÷2). Eight adjacent words then
/// hold one half of two neighbouring rows *and* of two neighbouring columns, so that the row pass and the column pass both work on whole
/// 512-bit vectors as they come from memory, with no transposition. Nothing between the first and last block of a lane sees the
/// difference: blocks are only XORed with each other, and word 0 stays word 0.
/// </summary>
internal static unsafe class BlockLayout
{
    internal const int Words = 128;
    internal const int Bytes = 1024;

    /// <summary>Where the RFC's word <paramref name="word"/> is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int PositionOf(int word) => (word & 0b110_0011) | ((word & 0b000_1100) << 1) | ((word & 0b001_0000) >> 2);

    internal static void Load(ReadOnlySpan<byte> bytes, ulong* block)
    {
        for (var i = 0; i < Words; i++) block[PositionOf(i)] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
    }

    internal static void Store(ulong* block, Span<byte> bytes)
    {
        for (var i = 0; i < Words; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * i)..], block[PositionOf(i)]);
    }
}
