using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gatehouse.Protocols.Argon2;

/// <summary>The compression function G of RFC 9106 §3.5 without vectors: the fallback, and the plain statement the others are tested against.</summary>
internal readonly unsafe struct ScalarCompression : ICompression
{
    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Compress(ulong* previous, ulong* reference, ulong* next, bool xorIntoNext)
    {
        var z = stackalloc ulong[BlockLayout.Words];
        for (var i = 0; i < BlockLayout.Words; i++) z[i] = previous[i] ^ reference[i];

        for (var row = 0; row < 8; row++)
            Permute(z + ((row >> 1) * 32) + ((row & 1) * 4), pair: 2, quad: 8);
        for (var column = 0; column < 8; column++)
            Permute(z + ((column >> 1) * 8) + ((column & 1) * 2), pair: 4, quad: 32);

        for (var i = 0; i < BlockLayout.Words; i++)
        {
            var word = z[i] ^ previous[i] ^ reference[i];
            next[i] = xorIntoNext ? next[i] ^ word : word;
        }
        return next[0];
    }

    // P, RFC 9106 §3.6: 16 words as a 4×4 matrix; word i of a row or column is at (i÷4)·quad + (i÷2 mod 2)·pair + (i mod 2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute(ulong* z, int pair, int quad)
    {
        ulong* a = z, b = z + quad, c = b + quad, d = c + quad;
        Mix(ref a[0], ref b[0], ref c[0], ref d[0]);
        Mix(ref a[1], ref b[1], ref c[1], ref d[1]);
        Mix(ref a[pair], ref b[pair], ref c[pair], ref d[pair]);
        Mix(ref a[pair + 1], ref b[pair + 1], ref c[pair + 1], ref d[pair + 1]);
        Mix(ref a[0], ref b[1], ref c[pair], ref d[pair + 1]);
        Mix(ref a[1], ref b[pair], ref c[pair + 1], ref d[0]);
        Mix(ref a[pair], ref b[pair + 1], ref c[0], ref d[1]);
        Mix(ref a[pair + 1], ref b[0], ref c[1], ref d[pair]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a = AddMultiply(a, b);
        d = BitOperations.RotateRight(d ^ a, 32);
        c = AddMultiply(c, d);
        b = BitOperations.RotateRight(b ^ c, 24);
        a = AddMultiply(a, b);
        d = BitOperations.RotateRight(d ^ a, 16);
        c = AddMultiply(c, d);
        b = BitOperations.RotateRight(b ^ c, 63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddMultiply(ulong x, ulong y) => x + y + (2 * ((ulong)(uint)x * (uint)y));
}
