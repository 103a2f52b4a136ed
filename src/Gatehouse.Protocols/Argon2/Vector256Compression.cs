using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Gatehouse.Protocols.Argon2;

/// <summary>
/// G on 256-bit vectors (AVX2): two rows, then two pairs of columns at a time, which is what sixteen registers carry. Vector 8i+2j+k of
/// <see cref="BlockLayout"/> holds the words 4j to 4j+3 of row 2i+k.
/// </summary>
internal readonly unsafe struct Vector256Compression : ICompression
{
    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Compress(ulong* previous, ulong* reference, ulong* next, bool xorIntoNext)
    {
        V* p = (V*)previous, r = (V*)reference, n = (V*)next;
        var words = stackalloc ulong[BlockLayout.Words];
        var z = (V*)words;
        for (var i = 0; i < 4; i++) PermuteRows(p + (8 * i), r + (8 * i), z + (8 * i));
        for (var j = 0; j < 4; j++) PermuteColumns(z + (2 * j));
        if (xorIntoNext)
        {
            for (var i = 0; i < 32; i++) n[i] = n[i] ^ z[i] ^ p[i] ^ r[i];
        }
        else
        {
            for (var i = 0; i < 32; i++) n[i] = z[i] ^ p[i] ^ r[i];
        }
        return next[0];
    }

    /// <summary>Two rows: a vector is one of a, b, c, d of one row, and a diagonal turns the words of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteRows(V* p, V* r, V* z)
    {
        V a0 = p[0] ^ r[0], a1 = p[1] ^ r[1], b0 = p[2] ^ r[2], b1 = p[3] ^ r[3];
        V c0 = p[4] ^ r[4], c1 = p[5] ^ r[5], d0 = p[6] ^ r[6], d1 = p[7] ^ r[7];
        Mix(ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
        // b, the last to be ready, stays; the others turn about it.
        Turn(ref a0, ref a1, 0b10_01_00_11);
        Turn(ref c0, ref c1, 0b00_11_10_01);
        Turn(ref d0, ref d1, 0b01_00_11_10);
        Mix(ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
        Turn(ref a0, ref a1, 0b00_11_10_01);
        Turn(ref c0, ref c1, 0b10_01_00_11);
        Turn(ref d0, ref d1, 0b01_00_11_10);
        z[0] = a0; z[1] = a1; z[2] = b0; z[3] = b1; z[4] = c0; z[5] = c1; z[6] = d0; z[7] = d1;
    }

    /// <summary>Two pairs of columns: a, b, c and d are two vectors each, and a diagonal moves words from one to the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteColumns(V* z)
    {
        V a0 = z[0], a1 = z[1], b0 = z[8], b1 = z[9], c0 = z[16], c1 = z[17], d0 = z[24], d1 = z[25];
        Mix(ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
        TurnRight(ref a0, ref a1);
        TurnLeft(ref c0, ref c1);
        Mix(ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d1, ref d0); // turning d by two exchanges its vectors
        TurnLeft(ref a0, ref a1);
        TurnRight(ref c0, ref c1);
        z[0] = a0; z[1] = a1; z[8] = b0; z[9] = b1; z[16] = c0; z[17] = c1; z[24] = d0; z[25] = d1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(ref V x0, ref V x1, [ConstantExpected] byte order)
    {
        x0 = Avx2.Permute4x64(x0, order);
        x1 = Avx2.Permute4x64(x1, order);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnLeft(ref V x0, ref V x1)
    {
        var first = Avx2.AlignRight(x1.AsByte(), x0.AsByte(), 8).AsUInt64();
        x1 = Avx2.AlignRight(x0.AsByte(), x1.AsByte(), 8).AsUInt64();
        x0 = first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnRight(ref V x0, ref V x1)
    {
        var first = Avx2.AlignRight(x0.AsByte(), x1.AsByte(), 8).AsUInt64();
        x1 = Avx2.AlignRight(x1.AsByte(), x0.AsByte(), 8).AsUInt64();
        x0 = first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref V a0, ref V a1, ref V b0, ref V b1, ref V c0, ref V c1, ref V d0, ref V d1)
    {
        AddMultiply(ref a0, ref a1, b0, b1);
        d0 = RotateRight32(d0 ^ a0); d1 = RotateRight32(d1 ^ a1);
        AddMultiply(ref c0, ref c1, d0, d1);
        b0 = RotateRight24(b0 ^ c0); b1 = RotateRight24(b1 ^ c1);
        AddMultiply(ref a0, ref a1, b0, b1);
        d0 = RotateRight16(d0 ^ a0); d1 = RotateRight16(d1 ^ a1);
        AddMultiply(ref c0, ref c1, d0, d1);
        b0 = RotateRight63(b0 ^ c0); b1 = RotateRight63(b1 ^ c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddMultiply(ref V x0, ref V x1, V y0, V y1)
    {
        var m0 = Avx2.Multiply(x0.AsUInt32(), y0.AsUInt32());
        var m1 = Avx2.Multiply(x1.AsUInt32(), y1.AsUInt32());
        x0 += y0; x1 += y1;
        x0 += m0; x1 += m1;
        x0 += m0; x1 += m1;
    }

    // Rotations by whole bytes are shuffles; by 63, a doubling and the bit that fell out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V RotateRight32(V x) => Avx2.Shuffle(x.AsUInt32(), 0b10_11_00_01).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V RotateRight24(V x) => Avx2.Shuffle(x.AsByte(), Vector256.Create(
        (byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V RotateRight16(V x) => Avx2.Shuffle(x.AsByte(), Vector256.Create(
        (byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V RotateRight63(V x) => (x + x) | (x >>> 63);
}
