using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gatehouse.Tests.BadInput;

/// <summary>Bytes that look random and are the same in every run: SHA-256 over a counter. A failure can be repeated.</summary>
internal sealed class ByteSource(string seed)
{
    private readonly byte[] key = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(seed));
    private byte[] block = [];
    private int used;
    private long counter;

    internal byte Next()
    {
        if (used == block.Length)
        {
            Span<byte> input = stackalloc byte[40];
            key.CopyTo(input);
            BinaryPrimitives.WriteInt64BigEndian(input[32..], counter++);
            (block, used) = (SHA256.HashData(input), 0);
        }
        return block[used++];
    }

    /// <summary>From 0 to <paramref name="below"/> − 1.</summary>
    internal int Below(int below) => (int)((((uint)Next() << 24) | ((uint)Next() << 16) | ((uint)Next() << 8) | Next()) % (uint)below);

    internal bool Chance(int oneIn) => Below(oneIn) == 0;

    internal T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];
}
