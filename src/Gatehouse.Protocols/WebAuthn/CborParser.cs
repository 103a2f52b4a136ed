using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>
/// CBOR (RFC 8949) as CTAP2 writes it: definite lengths, shortest heads, no duplicate keys, no tags, no floats. The order of keys is not
/// asked for: nothing depends on it, and authenticators differ. Bounded in depth and items; lengths are held against what is there.
/// </summary>
internal ref struct CborParser
{
    /// <summary>Levels of nesting: CTAP2 §8 allows messages four, extensions may nest a little deeper.</summary>
    private const int MaxDepth = 8;
    private const int MaxItems = 512;

    private readonly ReadOnlySpan<byte> data;
    private int at, items;

    private CborParser(ReadOnlySpan<byte> data) => this.data = data;

    /// <summary>Reads the item at the beginning; what follows it is the caller's.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CborItem? item, out int consumed)
    {
        var parser = new CborParser(data);
        item = parser.Read(MaxDepth);
        consumed = parser.at;
        return item is not null;
    }

    /// <summary>Reads an item that is all there is.</summary>
    internal static bool TryReadAll(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CborItem? item) =>
        TryRead(data, out item, out var consumed) && consumed == data.Length;

    private CborItem? Read(int depth)
    {
        if (depth == 0 || ++items > MaxItems || at >= data.Length) return null;
        var (major, information) = (data[at] >> 5, data[at] & 31);
        if (major == 7)
        {
            at++;
            return information is 20 or 21 or 22 ? CborItem.OfSimple((byte)information) : null;   // false, true, null
        }
        if (!TryHead(information, out var argument)) return null;
        return major switch
        {
            0 => CborItem.OfNumber(argument),
            1 => CborItem.OfNumber(-1 - argument),
            2 => Take(argument, out var bytes) ? CborItem.OfBytes(bytes.ToArray()) : null,
            3 => Take(argument, out var text) && Utf8.IsValid(text) ? CborItem.OfText(Encoding.UTF8.GetString(text)) : null,
            4 => ReadArray(argument, depth),
            5 => ReadMap(argument, depth),
            _ => null,
        };
    }

    private CborItem? ReadArray(long count, int depth)
    {
        if (count > MaxItems) return null;
        var list = new List<CborItem>((int)count);
        for (var i = 0; i < count; i++)
        {
            if (Read(depth - 1) is not { } item) return null;
            list.Add(item);
        }
        return CborItem.OfArray(list);
    }

    private CborItem? ReadMap(long count, int depth)
    {
        if (count > MaxItems / 2) return null;
        var entries = new List<KeyValuePair<CborItem, CborItem>>((int)count);
        for (var i = 0; i < count; i++)
        {
            if (Read(depth - 1) is not { Kind: CborKind.Integer or CborKind.Text } key || Read(depth - 1) is not { } value) return null;
            foreach (var (known, _) in entries)
                if (known.SameKey(key)) return null;
            entries.Add(new(key, value));
        }
        return CborItem.OfMap(entries);
    }

    private bool TryHead(int information, out long argument)
    {
        argument = information;
        at++;
        if (information < 24) return true;
        if (information > 27) return false;             // reserved, or an indefinite length
        var length = 1 << (information - 24);
        if (!Take(length, out var bytes)) return false;
        var value = length switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
        argument = (long)value;
        // Shortest form: one value has one spelling. Nothing here needs the upper half of 64 bits.
        return value <= long.MaxValue && value >= (length == 1 ? 24 : 1UL << (4 * length));
    }

    private bool Take(long length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (length > data.Length - at) return false;
        bytes = data.Slice(at, (int)length);
        at += (int)length;
        return true;
    }
}
