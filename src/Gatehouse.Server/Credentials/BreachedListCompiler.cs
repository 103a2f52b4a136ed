using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gatehouse.Credentials;

/// <summary>
/// Makes a <see cref="BreachedList"/> of the file that Have I Been Pwned offers for download: lines <c>SHA1HEX:count</c> in the order of the
/// hashes. One pass; memory is the index, 8 bytes for every 64 lines or so, and some buffers. The result takes its name when it is whole.
/// </summary>
public static class BreachedListCompiler
{
    // A line is at least 40 digits and its end: so many lines there are at most.
    private const int ShortestLine = 41, HashDigits = 40, PerBucket = 64;

    /// <param name="input">Can be read once, from its beginning.</param>
    /// <param name="inputBytes">How long it is: sizes follow from how many lines it can have at most.</param>
    /// <param name="falsePositive">At most this share of passwords on no list is taken for listed; 1e-12 to 0.01.</param>
    /// <param name="leastCount">Hashes seen less often are left out; at least 1, so that padding (count 0) is too.</param>
    /// <exception cref="InvalidDataException">A line is none, or not in order.</exception>
    public static BreachedListFacts Compile(Stream input, long inputBytes, string output, double falsePositive, long leastCount, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leastCount, 1);
        if (falsePositive is not (>= 1e-12 and <= 0.01)) throw new ArgumentOutOfRangeException(nameof(falsePositive));
        var most = Math.Max(1, inputBytes / ShortestLine + 1);
        var bits = Math.Min(64, (int)Math.Ceiling(Math.Log2(most / falsePositive)));
        var bucketBits = Math.Clamp((int)Math.Floor(Math.Log2((double)most / PerBucket)), 0, BreachedList.MaxBucketBits);
        var rice = Math.Clamp((int)Math.Floor(bits - Math.Log2(most)), 0, BreachedList.MaxRice);

        var unfinished = output + ".unfinished";
        try
        {
            BreachedListFacts facts;
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
            {
                var code = new BitWriter(file);
                var count = Encode(input, code, new ulong[(1 << bucketBits) + 1], bits, bucketBits, rice, leastCount, ct);
                facts = Finish(file, code, new(bits, bucketBits, rice, count, Length: 0));
            }
            File.Move(unfinished, output, overwrite: true);
            return facts;
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static long Encode(Stream input, BitWriter code, ulong[] index, int bits, int bucketBits, int rice, long leastCount, CancellationToken ct)
    {
        var lines = new LineReader(input);
        var (count, before, next, bucketStart) = (0L, 0UL, 0, 0UL);
        var anyInBucket = false;
        while (lines.TryRead(out var hash, out var seen))
        {
            if ((lines.Number & 0xFFFFF) == 0) ct.ThrowIfCancellationRequested();
            if (hash < lines.Before) throw lines.Wrong("comes before the line above it: sort the file first (LC_ALL=C sort)");
            lines.Before = hash;
            var value = hash >> (64 - bits);
            if (seen < leastCount || (count > 0 && value == before)) continue;
            var bucket = bucketBits == 0 ? 0 : (int)(value >> (bits - bucketBits));
            if (next <= bucket)
            {
                for (; next <= bucket; next++) index[next] = code.Position;
                bucketStart = bucketBits == 0 ? 0 : (ulong)bucket << (bits - bucketBits);
                anyInBucket = false;
            }
            var delta = anyInBucket ? value - before - 1 : value - bucketStart;
            code.Zeros(delta >> rice);
            code.Write(1, 1);
            code.Write(delta & ((1UL << rice) - 1), rice);
            (before, anyInBucket) = (value, true);
            count++;
        }
        for (; next < index.Length; next++) index[next] = code.Position;
        code.Index = index;
        return count;
    }

    private static BreachedListFacts Finish(FileStream file, BitWriter code, BreachedList.Header header)
    {
        code.Pad();
        Span<byte> position = stackalloc byte[8];
        foreach (var at in code.Index)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(position, at);
            code.Bytes(position);
        }
        Span<byte> start = stackalloc byte[BreachedList.HeaderBytes];
        (header with { Length = BreachedList.HeaderBytes + code.Written }).Write(start);
        code.Finish(start[..BreachedList.HashedHeaderBytes], start[BreachedList.HashedHeaderBytes..]);
        file.Position = 0;
        file.Write(start);
        file.Flush(flushToDisk: true);
        return new(header.Count, file.Length, header.Bits);
    }

    /// <summary>Bits, the lowest first, into a file after the header's place, hashed as they go.</summary>
    private sealed class BitWriter
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] buffer = new byte[1 << 20];
        private readonly FileStream file;
        private int used;
        private ulong pending;
        private int pendingBits;

        internal BitWriter(FileStream file)
        {
            this.file = file;
            file.Write(new byte[BreachedList.HeaderBytes]);
        }

        internal ulong Position { get; private set; }
        internal long Written { get; private set; }
        internal ulong[] Index { get; set; } = [];

        internal void Zeros(ulong count)
        {
            for (; count > 32; count -= 32) Write(0, 32);
            Write(0, (int)count);
        }

        internal void Write(ulong value, int count)
        {
            Position += (ulong)count;
            pending |= value << pendingBits;
            var free = 64 - pendingBits;
            if (count < free)
            {
                pendingBits += count;
                return;
            }
            Span<byte> eight = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(eight, pending);
            Bytes(eight);
            pending = free == 64 ? 0 : value >> free;
            pendingBits = count - free;
        }

        /// <summary>To a multiple of eight bytes, and eight more: whoever reads a window at the last bit finds something there.</summary>
        internal void Pad()
        {
            if (pendingBits > 0) Write(0, 64 - pendingBits);
            Bytes(stackalloc byte[BreachedList.Padding]);
        }

        internal void Bytes(ReadOnlySpan<byte> bytes)
        {
            if (used + bytes.Length > buffer.Length) Empty();
            bytes.CopyTo(buffer.AsSpan(used));
            used += bytes.Length;
            Written += bytes.Length;
        }

        internal void Finish(ReadOnlySpan<byte> also, Span<byte> digest)
        {
            Empty();
            hash.AppendData(also);
            hash.GetHashAndReset(digest);
            hash.Dispose();
        }

        private void Empty()
        {
            var full = buffer.AsSpan(0, used);
            hash.AppendData(full);
            file.Write(full);
            used = 0;
        }
    }

    /// <summary>Lines of 40 hexadecimal digits, with <c>:count</c> or without; ends of line of either system.</summary>
    private sealed class LineReader(Stream input)
    {
        private readonly byte[] buffer = new byte[1 << 20];
        private int start, end;

        internal long Number { get; private set; }
        internal ulong Before { get; set; }

        internal InvalidDataException Wrong(string what) => new($"Line {Number} {what}.");

        /// <param name="hash">The first 64 bits of it.</param>
        internal bool TryRead(out ulong hash, out long seen)
        {
            (hash, seen) = (0, 1);
            for (;;)
            {
                var line = Next(out var any);
                if (!any) return false;
                Number++;
                if (line.EndsWith("\r"u8)) line = line[..^1];
                if (line.IsEmpty) continue;
                var rest = line.Length > HashDigits && line[HashDigits] == ':' ? line[(HashDigits + 1)..] : default;
                if (line.Length < HashDigits || (line.Length > HashDigits && (rest.IsEmpty || rest.Length > 18))) throw NoHash();
                for (var i = 0; i < HashDigits; i++)
                {
                    var digit = Digit(line[i]);
                    if (digit < 0) throw NoHash();
                    if (i < 16) hash = (hash << 4) | (uint)digit;
                }
                if (rest.IsEmpty) return true;
                seen = 0;
                foreach (var c in rest) seen = c is >= (byte)'0' and <= (byte)'9' ? seen * 10 + (c - '0') : throw NoHash();
                return true;
            }
        }

        private InvalidDataException NoHash() => Wrong("is not a SHA-1 hash in 40 hexadecimal digits, a colon and a count");

        private static int Digit(byte c) => c switch
        {
            >= (byte)'0' and <= (byte)'9' => c - '0',
            >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
            >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
            _ => -1,
        };

        private ReadOnlySpan<byte> Next(out bool any)
        {
            for (;;)
            {
                var had = buffer.AsSpan(start, end - start);
                var at = had.IndexOf((byte)'\n');
                if (at >= 0)
                {
                    start += at + 1;
                    any = true;
                    return had[..at];
                }
                // Nothing that is a line is as long as a buffer.
                if (had.Length > 1024) throw new InvalidDataException($"Line {Number + 1} is longer than any hash.");
                had.CopyTo(buffer);
                (start, end) = (0, had.Length);
                var read = input.Read(buffer, end, buffer.Length - end);
                end += read;
                if (read > 0) continue;
                any = end > 0;
                var last = buffer.AsSpan(0, end);
                (start, end) = (0, 0);
                return last;
            }
        }
    }
}
