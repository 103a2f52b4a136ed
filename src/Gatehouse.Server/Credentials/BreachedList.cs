using System.Buffers;
using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Security.Cryptography;

namespace Gatehouse.Credentials;

/// <summary>
/// A compiled list of breached passwords, mapped into memory and not loaded: one look reads the two or three pages that it needs, and what the
/// system keeps of them it may take back. Thread-safe. Never says that a listed password is not listed; says the opposite as often as
/// <see cref="BreachedListFacts.FalsePositive"/> states.
/// </summary>
/// <remarks>
/// SHA-1 hashes, cut to their first <c>bits</c> bits, in order, as the differences between neighbours in Golomb-Rice code: about 1.5 bits per
/// hash above what information theory asks for, where a Bloom filter needs 44 % more, and written in one pass without holding them. An index
/// of bit positions cuts them into buckets of some 64 hashes, so that a look decodes one bucket. Layout, little-endian:
/// <code>
///  0  "GHBREACH"                                             16  hashes (u64)             32  SHA-256 over data, index and bytes 0..31
///  8  version (u32)                                          24  length of the file (u64) 64  data: code, then 8 zero bytes, to a multiple of 8
/// 12  bits, bucket bits, Rice parameter (u8 each), 0                                          index: (2^bucket bits + 1) × u64
/// </code>
/// </remarks>
public sealed class BreachedList : IDisposable
{
    internal const int HeaderBytes = 64, HashedHeaderBytes = 32, Padding = 8, MaxBucketBits = 28, MaxRice = 50;
    internal const uint Version = 1;
    private const int OnStack = 1024, MaxBucketBytes = 64 << 20;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly long length, indexAt;
    private readonly int bits, bucketBits, rice;

    private BreachedList(MemoryMappedFile file, MemoryMappedViewAccessor view, long length, Header header)
    {
        (this.file, this.view, this.length) = (file, view, length);
        (bits, bucketBits, rice) = (header.Bits, header.BucketBits, header.Rice);
        indexAt = length - header.IndexBytes;
        Facts = new(header.Count, length, bits);
    }

    internal static ReadOnlySpan<byte> Magic => "GHBREACH"u8;

    public BreachedListFacts Facts { get; }

    /// <exception cref="InvalidDataException">It is no such file, or a part of one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BreachedList Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            var length = stream.Length;
            Span<byte> start = stackalloc byte[HeaderBytes];
            if (stream.ReadAtLeast(start, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !Header.TryRead(start, length, out var header))
                throw new InvalidDataException($"{path} is no compiled list of breached passwords, or not all of one. Make it with: gatehouse breached compile");
            // Owns the stream from here on.
            var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new(file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), length, header);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>By the text itself, as it would be typed.</summary>
    public bool Contains(string password) => Contains(System.Text.Encoding.UTF8.GetBytes(password));

#pragma warning disable CA5350 // SHA-1 is what the published lists are made of; it guards nothing here.
    internal bool Contains(byte[] password) => ContainsHash(SHA1.HashData(password));
#pragma warning restore CA5350

    /// <param name="sha1">Twenty bytes.</param>
    internal bool ContainsHash(ReadOnlySpan<byte> sha1)
    {
        var value = BinaryPrimitives.ReadUInt64BigEndian(sha1) >> (64 - bits);
        var bucket = bucketBits == 0 ? 0 : value >> (bits - bucketBits);
        var (from, to) = (Position(bucket), Position(bucket + 1));
        if (from == to) return false;
        if (from > to || to > (ulong)(indexAt - HeaderBytes - Padding) * 8) throw Damaged();
        var first = (long)(from >> 3);
        var size = (long)((to + 7) >> 3) - first + Padding;
        if (size > MaxBucketBytes) throw Damaged();

        byte[]? rented = null;
        try
        {
            Span<byte> code = size > OnStack ? (rented = ArrayPool<byte>.Shared.Rent((int)size)) : stackalloc byte[OnStack];
            code = code[..(int)size];
            view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(HeaderBytes + first), code);
            var low = bucketBits == 0 ? value : value & ((1UL << (bits - bucketBits)) - 1);
            return Find(code, (int)(from & 7), (int)(to - (ulong)first * 8), low);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Decodes until the wanted value is met or passed. Each step uses up at least one bit, so that this ends whatever the bytes are.</summary>
    private bool Find(ReadOnlySpan<byte> code, int at, int end, ulong wanted)
    {
        ulong value = 0;
        for (var first = true; at < end; first = false)
        {
            ulong quotient = 0;
            for (;;)
            {
                // At least 56 bits are good in each window: up to seven were before this position.
                var zeros = BitOperations.TrailingZeroCount(Window(code, at) | (1UL << 56));
                quotient += (ulong)zeros;
                at += zeros;
                if (zeros < 56) break;
                if (at >= end) throw Damaged();
            }
            at++;
            value += (quotient << rice) + (Window(code, at) & ((1UL << rice) - 1)) + (first ? 0UL : 1UL);
            at += rice;
            if (value >= wanted) return value == wanted;
        }
        return false;
    }

    private static ulong Window(ReadOnlySpan<byte> code, int at) =>
        (at >> 3) + 8 <= code.Length ? BinaryPrimitives.ReadUInt64LittleEndian(code[(at >> 3)..]) >> (at & 7) : throw Damaged();

    private static InvalidDataException Damaged() => new("The list of breached passwords is damaged.");

    private ulong Position(ulong bucket) => view.ReadUInt64(indexAt + (long)bucket * 8);

    /// <summary>Reads all of it: whether it is as it was written. Minutes for a large list, so not done at start.</summary>
    public bool IsWhole()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (long at = HeaderBytes; at < length; at += buffer.Length)
        {
            var some = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at));
            view.SafeMemoryMappedViewHandle.ReadSpan((ulong)at, some);
            hash.AppendData(some);
        }
        var header = buffer.AsSpan(0, HeaderBytes);
        view.SafeMemoryMappedViewHandle.ReadSpan(0, header);
        hash.AppendData(header[..HashedHeaderBytes]);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(header[HashedHeaderBytes..]);
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }

    /// <summary>The numbers at the beginning of the file.</summary>
    internal readonly record struct Header(int Bits, int BucketBits, int Rice, long Count, long Length)
    {
        internal long IndexBytes => ((1L << BucketBits) + 1) * 8;

        internal void Write(Span<byte> to)
        {
            to[..HashedHeaderBytes].Clear();
            Magic.CopyTo(to);
            BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Version);
            (to[12], to[13], to[14]) = ((byte)Bits, (byte)BucketBits, (byte)Rice);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], Count);
            BinaryPrimitives.WriteInt64LittleEndian(to[24..], Length);
        }

        internal static bool TryRead(ReadOnlySpan<byte> from, long length, out Header header)
        {
            header = new(from[12], from[13], from[14], BinaryPrimitives.ReadInt64LittleEndian(from[16..]), BinaryPrimitives.ReadInt64LittleEndian(from[24..]));
            return from.StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) == Version
                && header is { Bits: > 0 and <= 64, BucketBits: >= 0 and <= MaxBucketBits, Rice: >= 0 and <= MaxRice, Count: >= 0 } && header.BucketBits <= header.Bits
                && header.Length == length && length % 8 == 0 && length - HeaderBytes - header.IndexBytes >= Padding;
        }
    }
}

/// <summary>What a compiled list is.</summary>
/// <param name="Count">Hashes in it.</param>
/// <param name="Bytes">Its size, which is also the most memory the system may use for it.</param>
/// <param name="Bits">How many bits of each hash are compared.</param>
public sealed record BreachedListFacts(long Count, long Bytes, int Bits)
{
    /// <summary>The share of passwords on no list that are taken for listed: by chance the cut hash of one that is.</summary>
    public double FalsePositive => Count / Math.Pow(2, Bits);
    public double BitsPerHash => Count == 0 ? 0 : Bytes * 8.0 / Count;
}
