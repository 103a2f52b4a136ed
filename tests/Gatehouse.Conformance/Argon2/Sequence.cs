using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gatehouse.Conformance.Argon2;

/// <summary>Bytes and numbers that look random and are the same in every run: SHA-256 of a name and a counter.</summary>
internal sealed class Sequence(string name)
{
    private readonly byte[] seed = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name));
    private uint counter;

    internal byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length; at += 32)
        {
            var block = Next();
            block.AsSpan(0, Math.Min(32, length - at)).CopyTo(bytes.AsSpan(at));
        }
        return bytes;
    }

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    internal int Number(int least, int most) => least + (int)(BinaryPrimitives.ReadUInt32LittleEndian(Next()) % (uint)(most - least + 1));

    private byte[] Next()
    {
        Span<byte> input = stackalloc byte[36];
        seed.CopyTo(input);
        BinaryPrimitives.WriteUInt32LittleEndian(input[32..], counter++);
        return SHA256.HashData(input);
    }
}
