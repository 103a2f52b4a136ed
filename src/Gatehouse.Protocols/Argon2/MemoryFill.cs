using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Gatehouse.Protocols.Argon2;

/// <summary>Which addressing: RFC 9106 §3.4.1. The values are the RFC's y.</summary>
internal enum Argon2Variant
{
    D = 0,
    I = 1,
    Id = 2,
}

/// <summary>
/// The filling of memory: RFC 9106 §3.2 steps 5 and 6, with the indexing of §3.4. A lane is a row of blocks in four segments; within a
/// segment lanes do not see each other, so they are filled one after another on the calling thread: a server that hashes for many users
/// has no idle core for a second lane, and threads would only add their cost.
/// </summary>
internal readonly unsafe struct MemoryFill(ulong* memory, Argon2Variant variant, int lanes, int segmentLength, int passes)
{
    private const int AddressesPerBlock = BlockLayout.Words;
    private readonly int laneLength = 4 * segmentLength;

    internal ulong* Block(int lane, int index) => memory + ((((long)lane * laneLength) + index) * BlockLayout.Words);

    internal void Run<TCompression>() where TCompression : ICompression
    {
        for (var pass = 0; pass < passes; pass++)
        {
            for (var slice = 0; slice < 4; slice++)
            {
                var independent = variant == Argon2Variant.I || (variant == Argon2Variant.Id && pass == 0 && slice < 2);
                for (var lane = 0; lane < lanes; lane++)
                {
                    if (independent) FillIndependently<TCompression>(pass, slice, lane);
                    else FillDependently<TCompression>(pass, slice, lane);
                }
            }
        }
    }

    /// <summary>Argon2d's way: the last block's first word says which block to mix with it (§3.4.1.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillDependently<TCompression>(int pass, int slice, int lane) where TCompression : ICompression
    {
        var index = FirstIndex(pass, slice);
        var current = Block(lane, (slice * segmentLength) + index);
        var previous = Before(current, lane, slice, index);
        var word = previous[0];
        for (; index < segmentLength; index++)
        {
            var reference = Reference(pass, slice, lane, index, word);
            word = TCompression.Compress(previous, reference, current, pass > 0);
            previous = current;
            current += BlockLayout.Words;
        }
    }

    /// <summary>
    /// Argon2i's way (§3.4.1.2): the addresses come from a counter, 128 at a time, so each block is asked for from memory while the one
    /// before it is being mixed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillIndependently<TCompression>(int pass, int slice, int lane) where TCompression : ICompression
    {
        var space = stackalloc byte[(3 * BlockLayout.Bytes) + 64];
        var input = (ulong*)(((nuint)space + 63) & ~(nuint)63);
        var zero = input + BlockLayout.Words;
        var addresses = zero + BlockLayout.Words;
        new Span<ulong>(input, 2 * BlockLayout.Words).Clear();
        input[BlockLayout.PositionOf(0)] = (ulong)pass;
        input[BlockLayout.PositionOf(1)] = (ulong)lane;
        input[BlockLayout.PositionOf(2)] = (ulong)slice;
        input[BlockLayout.PositionOf(3)] = (ulong)lanes * (ulong)laneLength;
        input[BlockLayout.PositionOf(4)] = (ulong)passes;
        input[BlockLayout.PositionOf(5)] = (ulong)variant;

        var index = FirstIndex(pass, slice);
        var current = Block(lane, (slice * segmentLength) + index);
        var previous = Before(current, lane, slice, index);
        while (index < segmentLength)
        {
            input[BlockLayout.PositionOf(6)]++;
            TCompression.Compress(zero, input, addresses, false);
            TCompression.Compress(zero, addresses, addresses, false);
            var batchEnd = Math.Min(segmentLength, (index / AddressesPerBlock * AddressesPerBlock) + AddressesPerBlock);
            var reference = Reference(pass, slice, lane, index, Address(addresses, index));
            for (; index < batchEnd; index++)
            {
                var following = reference;
                if (index + 1 < batchEnd)
                {
                    following = Reference(pass, slice, lane, index + 1, Address(addresses, index + 1));
                    Prefetch(following);
                }
                TCompression.Compress(previous, reference, current, pass > 0);
                reference = following;
                previous = current;
                current += BlockLayout.Words;
            }
        }
    }

    // The first two blocks of a lane come from H₀.
    private static int FirstIndex(int pass, int slice) => pass == 0 && slice == 0 ? 2 : 0;

    private ulong* Before(ulong* current, int lane, int slice, int index) =>
        slice == 0 && index == 0 ? Block(lane, laneLength - 1) : current - BlockLayout.Words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Address(ulong* addresses, int index) => addresses[BlockLayout.PositionOf(index % AddressesPerBlock)];

    /// <summary>§3.4.1.3 and §3.4.2: from J₁ and J₂ to a block. Blocks already overwritten in this pass count with the latest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* Reference(int pass, int slice, int lane, int index, ulong word)
    {
        // A single lane must not pay for a division by an unpredictable J₂.
        var referenceLane = lanes == 1 || (pass == 0 && slice == 0) ? lane : (int)((uint)(word >> 32) % (uint)lanes);
        var finished = pass == 0 ? slice * segmentLength : laneLength - segmentLength;
        // Of the own lane everything but the previous block; of others only finished segments, and not their newest block at index 0.
        var area = referenceLane == lane ? finished + index - 1 : index == 0 ? finished - 1 : finished;
        var x = (word & uint.MaxValue) * (word & uint.MaxValue) >> 32;
        var position = (uint)area - 1 - (uint)(((ulong)(uint)area * x) >> 32);
        if (pass > 0 && slice < 3)
        {
            position += (uint)((slice + 1) * segmentLength);
            if (position >= (uint)laneLength) position -= (uint)laneLength;
        }
        return Block(referenceLane, (int)position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(ulong* block)
    {
        if (!Sse.IsSupported) return;
        for (var line = 0; line < BlockLayout.Words; line += 8) Sse.Prefetch0(block + line);
    }
}
