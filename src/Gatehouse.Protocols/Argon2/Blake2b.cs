using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gatehouse.Protocols.Argon2;

/// <summary>
/// BLAKE2b, RFC 7693: any output of 1 to 64 bytes, an optional key, incremental. A hash of some hundred short inputs per password is
/// too little to be worth vectors. Call <see cref="Finish"/> exactly once: it wipes the state.
/// </summary>
internal unsafe struct Blake2b
{
    private const int BlockBytes = 128;

    private static ReadOnlySpan<ulong> Iv =>
    [
        0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    ];

    // RFC 7693 §2.7; rounds 10 and 11 use the permutations 0 and 1 again.
    private static ReadOnlySpan<byte> Sigma =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
    ];

    private fixed ulong h[8];
    private fixed byte buffer[BlockBytes];
    private int buffered;
    private readonly int outputBytes;
    private ulong counter; // of 128 bits in the RFC; 2⁶⁴ bytes of input do not occur

    internal Blake2b(int outputBytes, ReadOnlySpan<byte> key = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputBytes, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, 64);
        this.outputBytes = outputBytes;
        for (var i = 0; i < 8; i++) h[i] = Iv[i];
        h[0] ^= 0x01010000 ^ ((ulong)key.Length << 8) ^ (ulong)outputBytes;
        if (key.IsEmpty) return;
        Span<byte> block = stackalloc byte[BlockBytes];
        block.Clear();
        key.CopyTo(block);
        Update(block);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>Hashes one input in one step; the output's length is part of the hash.</summary>
    internal static void Hash(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var state = new Blake2b(output.Length);
        state.Update(input);
        state.Finish(output);
    }

    internal void UpdateInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Update(bytes);
    }

    internal void Update(ReadOnlySpan<byte> input)
    {
        fixed (byte* block = buffer)
        {
            while (!input.IsEmpty)
            {
                // A full buffer waits for more input: the last block must be compressed with the final flag.
                if (buffered == BlockBytes)
                {
                    counter += BlockBytes;
                    Compress(block, last: false);
                    buffered = 0;
                }
                var take = Math.Min(input.Length, BlockBytes - buffered);
                input[..take].CopyTo(new Span<byte>(block + buffered, take));
                buffered += take;
                input = input[take..];
            }
        }
    }

    internal void Finish(Span<byte> output)
    {
        if (output.Length != outputBytes) throw new ArgumentException("The output's length is fixed when the hash begins.", nameof(output));
        fixed (byte* block = buffer)
        {
            new Span<byte>(block + buffered, BlockBytes - buffered).Clear();
            counter += (ulong)buffered;
            Compress(block, last: true);
        }
        Span<byte> full = stackalloc byte[64];
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteUInt64LittleEndian(full[(8 * i)..], h[i]);
        full[..outputBytes].CopyTo(output);
        CryptographicOperations.ZeroMemory(full);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<Blake2b>(ref this)));
    }

    // RFC 7693 §3.2.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compress(byte* block, bool last)
    {
        var m = stackalloc ulong[16];
        var v = stackalloc ulong[16];
        for (var i = 0; i < 16; i++) m[i] = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(block + (8 * i), 8));
        for (var i = 0; i < 8; i++) (v[i], v[i + 8]) = (h[i], Iv[i]);
        v[12] ^= counter;
        if (last) v[14] = ~v[14];
        fixed (byte* sigma = Sigma)
        {
            for (var s = sigma; s < sigma + (12 * 16); s += 16)
            {
                Mix(ref v[0], ref v[4], ref v[8], ref v[12], m[s[0]], m[s[1]]);
                Mix(ref v[1], ref v[5], ref v[9], ref v[13], m[s[2]], m[s[3]]);
                Mix(ref v[2], ref v[6], ref v[10], ref v[14], m[s[4]], m[s[5]]);
                Mix(ref v[3], ref v[7], ref v[11], ref v[15], m[s[6]], m[s[7]]);
                Mix(ref v[0], ref v[5], ref v[10], ref v[15], m[s[8]], m[s[9]]);
                Mix(ref v[1], ref v[6], ref v[11], ref v[12], m[s[10]], m[s[11]]);
                Mix(ref v[2], ref v[7], ref v[8], ref v[13], m[s[12]], m[s[13]]);
                Mix(ref v[3], ref v[4], ref v[9], ref v[14], m[s[14]], m[s[15]]);
            }
        }
        for (var i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];
        CryptographicOperations.ZeroMemory(new Span<byte>(m, BlockBytes));
        CryptographicOperations.ZeroMemory(new Span<byte>(v, BlockBytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d, ulong x, ulong y)
    {
        a += b + x;
        d = BitOperations.RotateRight(d ^ a, 32);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 24);
        a += b + y;
        d = BitOperations.RotateRight(d ^ a, 16);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 63);
    }
}
