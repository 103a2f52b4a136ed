using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<ulong>;

namespace Gatehouse.Protocols.Argon2;

/// <summary>
/// G on sixteen 512-bit vectors, the whole block in registers. Four matrices run abreast so that the multiplier's latency is hidden.
/// Vector 4i+j of <see cref="BlockLayout"/> holds, for rows 2i and 2i+1, the words 4j to 4j+3: so vectors 4i..4i+3 are a, b, c, d of
/// rows, and vectors j, 4+j, 8+j, 12+j are a, b, c, d of columns.
/// </summary>
/// <remarks>
/// AggressiveOptimization on every method that the fill loop reaches: it keeps ReadyToRun from shipping a version for the baseline
/// processor and tier 0 from running one without registers; the method is compiled once, on first use, for the processor at hand.
/// </remarks>
internal readonly unsafe struct Vector512Compression : ICompression
{
    public static bool IsSupported => Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Compress(ulong* previous, ulong* reference, ulong* next, bool xorIntoNext)
    {
        V* p = (V*)previous, r = (V*)reference, n = (V*)next;
        V z0 = p[0] ^ r[0], z1 = p[1] ^ r[1], z2 = p[2] ^ r[2], z3 = p[3] ^ r[3];
        V z4 = p[4] ^ r[4], z5 = p[5] ^ r[5], z6 = p[6] ^ r[6], z7 = p[7] ^ r[7];
        V z8 = p[8] ^ r[8], z9 = p[9] ^ r[9], z10 = p[10] ^ r[10], z11 = p[11] ^ r[11];
        V z12 = p[12] ^ r[12], z13 = p[13] ^ r[13], z14 = p[14] ^ r[14], z15 = p[15] ^ r[15];

        // Rows: a lane's four words are the four adjacent ones of a 256-bit half.
        Mix(ref z0, ref z4, ref z8, ref z12, ref z1, ref z5, ref z9, ref z13,
            ref z2, ref z6, ref z10, ref z14, ref z3, ref z7, ref z11, ref z15);
        // The diagonals of §3.6, turning a, c and d and not b: b is the last to be ready, the others turn meanwhile.
        RotateHalves3(ref z0, ref z4, ref z8, ref z12);
        RotateHalves1(ref z2, ref z6, ref z10, ref z14);
        RotateHalves2(ref z3, ref z7, ref z11, ref z15);
        Mix(ref z0, ref z4, ref z8, ref z12, ref z1, ref z5, ref z9, ref z13,
            ref z2, ref z6, ref z10, ref z14, ref z3, ref z7, ref z11, ref z15);
        RotateHalves1(ref z0, ref z4, ref z8, ref z12);
        RotateHalves3(ref z2, ref z6, ref z10, ref z14);
        RotateHalves2(ref z3, ref z7, ref z11, ref z15);

        // Ask for the block that will be written four from now while the memory bus is idle; left to the stores it would compete with the
        // next reference. Beyond the end of the memory a prefetch does nothing.
        for (var line = 0; line < BlockLayout.Words; line += 8) Sse.Prefetch0(next + (4 * BlockLayout.Words) + line);

        // Columns: a lane's four words are pairs at the same place of the two halves.
        var left1 = Vector512.Create(1UL, 4, 3, 6, 5, 0, 7, 2);
        var left3 = Vector512.Create(5UL, 0, 7, 2, 1, 4, 3, 6);
        Mix(ref z0, ref z1, ref z2, ref z3, ref z4, ref z5, ref z6, ref z7,
            ref z8, ref z9, ref z10, ref z11, ref z12, ref z13, ref z14, ref z15);
        Rotate(ref z0, ref z1, ref z2, ref z3, left3);
        Rotate(ref z8, ref z9, ref z10, ref z11, left1);
        SwapHalves(ref z12, ref z13, ref z14, ref z15);
        Mix(ref z0, ref z1, ref z2, ref z3, ref z4, ref z5, ref z6, ref z7,
            ref z8, ref z9, ref z10, ref z11, ref z12, ref z13, ref z14, ref z15);
        Rotate(ref z0, ref z1, ref z2, ref z3, left1);
        Rotate(ref z8, ref z9, ref z10, ref z11, left3);
        SwapHalves(ref z12, ref z13, ref z14, ref z15);

        if (xorIntoNext)
        {
            z0 ^= n[0]; z1 ^= n[1]; z2 ^= n[2]; z3 ^= n[3]; z4 ^= n[4]; z5 ^= n[5]; z6 ^= n[6]; z7 ^= n[7];
            z8 ^= n[8]; z9 ^= n[9]; z10 ^= n[10]; z11 ^= n[11]; z12 ^= n[12]; z13 ^= n[13]; z14 ^= n[14]; z15 ^= n[15];
        }
        // previous ^ reference again from the first cache level: keeping it would take the registers that the mixing needs.
        z0 = Xor(z0, p[0], r[0]); n[0] = z0;
        n[1] = Xor(z1, p[1], r[1]); n[2] = Xor(z2, p[2], r[2]); n[3] = Xor(z3, p[3], r[3]);
        n[4] = Xor(z4, p[4], r[4]); n[5] = Xor(z5, p[5], r[5]); n[6] = Xor(z6, p[6], r[6]); n[7] = Xor(z7, p[7], r[7]);
        n[8] = Xor(z8, p[8], r[8]); n[9] = Xor(z9, p[9], r[9]); n[10] = Xor(z10, p[10], r[10]); n[11] = Xor(z11, p[11], r[11]);
        n[12] = Xor(z12, p[12], r[12]); n[13] = Xor(z13, p[13], r[13]); n[14] = Xor(z14, p[14], r[14]); n[15] = Xor(z15, p[15], r[15]);
        return z0.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref V a0, ref V a1, ref V a2, ref V a3, ref V b0, ref V b1, ref V b2, ref V b3,
        ref V c0, ref V c1, ref V c2, ref V c3, ref V d0, ref V d1, ref V d2, ref V d3)
    {
        AddMultiply(ref a0, ref a1, ref a2, ref a3, b0, b1, b2, b3);
        XorRotate(ref d0, ref d1, ref d2, ref d3, a0, a1, a2, a3, 32);
        AddMultiply(ref c0, ref c1, ref c2, ref c3, d0, d1, d2, d3);
        XorRotate(ref b0, ref b1, ref b2, ref b3, c0, c1, c2, c3, 24);
        AddMultiply(ref a0, ref a1, ref a2, ref a3, b0, b1, b2, b3);
        XorRotate(ref d0, ref d1, ref d2, ref d3, a0, a1, a2, a3, 16);
        AddMultiply(ref c0, ref c1, ref c2, ref c3, d0, d1, d2, d3);
        XorRotate(ref b0, ref b1, ref b2, ref b3, c0, c1, c2, c3, 63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddMultiply(ref V x0, ref V x1, ref V x2, ref V x3, V y0, V y1, V y2, V y3)
    {
        var m0 = Avx512F.Multiply(x0.AsUInt32(), y0.AsUInt32());
        var m1 = Avx512F.Multiply(x1.AsUInt32(), y1.AsUInt32());
        var m2 = Avx512F.Multiply(x2.AsUInt32(), y2.AsUInt32());
        var m3 = Avx512F.Multiply(x3.AsUInt32(), y3.AsUInt32());
        x0 += y0; x1 += y1; x2 += y2; x3 += y3;
        x0 += m0; x1 += m1; x2 += m2; x3 += m3;
        x0 += m0; x1 += m1; x2 += m2; x3 += m3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void XorRotate(ref V x0, ref V x1, ref V x2, ref V x3, V y0, V y1, V y2, V y3, [ConstantExpected] byte count)
    {
        x0 = Avx512F.RotateRight(x0 ^ y0, count);
        x1 = Avx512F.RotateRight(x1 ^ y1, count);
        x2 = Avx512F.RotateRight(x2 ^ y2, count);
        x3 = Avx512F.RotateRight(x3 ^ y3, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RotateHalves1(ref V x0, ref V x1, ref V x2, ref V x3) => Permute(ref x0, ref x1, ref x2, ref x3, 0b00_11_10_01);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RotateHalves2(ref V x0, ref V x1, ref V x2, ref V x3) => Permute(ref x0, ref x1, ref x2, ref x3, 0b01_00_11_10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RotateHalves3(ref V x0, ref V x1, ref V x2, ref V x3) => Permute(ref x0, ref x1, ref x2, ref x3, 0b10_01_00_11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute(ref V x0, ref V x1, ref V x2, ref V x3, [ConstantExpected] byte order)
    {
        x0 = Avx512F.Permute4x64(x0, order);
        x1 = Avx512F.Permute4x64(x1, order);
        x2 = Avx512F.Permute4x64(x2, order);
        x3 = Avx512F.Permute4x64(x3, order);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rotate(ref V x0, ref V x1, ref V x2, ref V x3, V order)
    {
        x0 = Avx512F.PermuteVar8x64(x0, order);
        x1 = Avx512F.PermuteVar8x64(x1, order);
        x2 = Avx512F.PermuteVar8x64(x2, order);
        x3 = Avx512F.PermuteVar8x64(x3, order);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SwapHalves(ref V x0, ref V x1, ref V x2, ref V x3)
    {
        x0 = Avx512F.Shuffle4x128(x0, x0, 0b01_00_11_10);
        x1 = Avx512F.Shuffle4x128(x1, x1, 0b01_00_11_10);
        x2 = Avx512F.Shuffle4x128(x2, x2, 0b01_00_11_10);
        x3 = Avx512F.Shuffle4x128(x3, x3, 0b01_00_11_10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Xor(V x, V y, V z) => Avx512F.TernaryLogic(x, y, z, 0x96);
}
