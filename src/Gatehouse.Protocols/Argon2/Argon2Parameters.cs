using System.Runtime.CompilerServices;

namespace Gatehouse.Protocols.Argon2;

/// <summary>The cost of an Argon2 hash: RFC 9106 §3.1. Construction refuses what the RFC forbids; what is prudent is the caller's policy.</summary>
/// <param name="MemoryKiB">m: memory in KiB, at least 8 times the lanes.</param>
/// <param name="Iterations">t: passes over the memory, at least 1.</param>
/// <param name="Parallelism">p: lanes, 1 to 2²⁴−1. Part of the result, not a promise of threads.</param>
/// <param name="TagLength">T: length of the hash in bytes, at least 4.</param>
public readonly record struct Argon2Parameters(int MemoryKiB, int Iterations, int Parallelism, int TagLength = 32)
{
    private const int MaxLanes = (1 << 24) - 1;

    /// <summary>19 MiB, two passes, one lane, 32 bytes: the least that OWASP's Password Storage Cheat Sheet allows.</summary>
    public static Argon2Parameters Default => new(19456, 2, 1);

    public int MemoryKiB { get; } = InRange(MemoryKiB, 8L * Parallelism, int.MaxValue);
    public int Iterations { get; } = InRange(Iterations, 1, int.MaxValue);
    public int Parallelism { get; } = InRange(Parallelism, 1, MaxLanes);
    public int TagLength { get; } = InRange(TagLength, 4, int.MaxValue);

    /// <summary>Whether the RFC allows these values, for callers that hold somebody else's numbers.</summary>
    public static bool AreValid(int memoryKiB, int iterations, int parallelism, int tagLength) =>
        parallelism is >= 1 and <= MaxLanes && memoryKiB >= 8L * parallelism && iterations >= 1 && tagLength >= 4;

    /// <summary>Blocks per lane of a quarter pass: RFC 9106 §3.2 step 3 rounds m down to a multiple of 4p.</summary>
    internal int SegmentLength => MemoryKiB / (4 * Parallelism);

    private static int InRange(int value, long least, int most, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"RFC 9106 §3.1 allows {least} to {most}.");
}
