using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Protocols.Argon2;

/// <summary>
/// Native memory for one hash: zero when idle, resident from the start, on huge pages where Linux gives them. Outside the managed heap,
/// so that no collection copies it and clearing it clears the only copy.
/// </summary>
internal sealed unsafe partial class MemoryBlock : SafeHandleZeroOrMinusOneIsInvalid
{
    private const nuint HugePageBytes = 2 << 20;
    private const nuint CacheLineBytes = 64;
    private const int MadviseHugePage = 14;

    /// <summary>How much has been written since the last <see cref="Clear"/>: clearing the rest would only cost time.</summary>
    private nuint usedBytes;

    private MemoryBlock(nuint start, nuint capacityBytes) : base(ownsHandle: true)
    {
        SetHandle((nint)start);
        CapacityBytes = capacityBytes;
    }

    internal nuint CapacityBytes { get; }

    internal ulong* Start => (ulong*)handle;

    /// <summary>Allocates at least so much; a large block is rounded up to whole huge pages.</summary>
    /// <exception cref="OutOfMemoryException">The system has not so much.</exception>
    internal static MemoryBlock Allocate(nuint bytes)
    {
        var huge = bytes >= HugePageBytes;
        var alignment = huge ? HugePageBytes : CacheLineBytes;
        var capacity = (bytes + alignment - 1) & ~(alignment - 1);
        var start = NativeMemory.AlignedAlloc(capacity, alignment);
        // Advice only: without huge pages (a refusal, another C library's limits) the hash is slower and right.
        if (huge && OperatingSystem.IsLinux()) _ = Madvise(start, capacity, MadviseHugePage);
        // The allocator may hand out what it had before; zeroing it also makes every page resident now.
        NativeMemory.Clear(start, capacity);
        return new MemoryBlock((nuint)start, capacity);
    }

    internal void MarkUsed(nuint bytes) => usedBytes = Math.Max(usedBytes, bytes);

    /// <summary>
    /// Wipes what was used. An ordinary clear of megabytes first reads every line that it overwrites; stores that bypass the caches do not,
    /// which took 2.2 ms instead of 5.4 ms for 19 MiB on a busy machine, and the next hash was no slower for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Clear()
    {
        if (Avx.IsSupported)
        {
            var end = (byte*)handle + usedBytes; // whole kilobytes, like every use
            for (var line = (byte*)handle; line < end; line += 2 * Vector256<byte>.Count)
            {
                Vector256<byte>.Zero.StoreAlignedNonTemporal(line);
                Vector256<byte>.Zero.StoreAlignedNonTemporal(line + Vector256<byte>.Count);
            }
            // Such stores are not ordered by the lock that hands the block to the next thread.
            Sse.StoreFence();
        }
        else
        {
            NativeMemory.Clear((void*)handle, usedBytes);
        }
        usedBytes = 0;
    }

    protected override bool ReleaseHandle()
    {
        Clear();
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Madvise(void* start, nuint length, int advice);
}
