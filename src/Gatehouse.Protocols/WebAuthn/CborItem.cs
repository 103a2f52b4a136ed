namespace Gatehouse.Protocols.WebAuthn;

internal enum CborKind { Integer, Bytes, Text, Array, Map, Simple }

/// <summary>One CBOR data item, read whole. Only what WebAuthn's messages are made of: no tags, no floats, no indefinite lengths.</summary>
internal sealed class CborItem
{
    private CborItem(CborKind kind) => Kind = kind;

    internal CborKind Kind { get; }
    internal long Number { get; private init; }
    internal byte[] Bytes { get; private init; } = [];
    internal string Text { get; private init; } = "";
    internal IReadOnlyList<CborItem> Items { get; private init; } = [];

    /// <summary>A map's entries in their order; keys are numbers or texts, each there once.</summary>
    internal IReadOnlyList<KeyValuePair<CborItem, CborItem>> Entries { get; private init; } = [];

    internal static CborItem OfNumber(long value) => new(CborKind.Integer) { Number = value };
    internal static CborItem OfBytes(byte[] value) => new(CborKind.Bytes) { Bytes = value };
    internal static CborItem OfText(string value) => new(CborKind.Text) { Text = value };
    internal static CborItem OfArray(IReadOnlyList<CborItem> value) => new(CborKind.Array) { Items = value };
    internal static CborItem OfMap(IReadOnlyList<KeyValuePair<CborItem, CborItem>> value) => new(CborKind.Map) { Entries = value };
    internal static CborItem OfSimple(byte value) => new(CborKind.Simple) { Number = value };

    internal CborItem? Find(string key) => Find(k => k.Kind == CborKind.Text && string.Equals(k.Text, key, StringComparison.Ordinal));

    internal CborItem? Find(long key) => Find(k => k.Kind == CborKind.Integer && k.Number == key);

    /// <summary>The bytes under a key; null when there are none.</summary>
    internal byte[]? BytesAt(string key) => Find(key) is { Kind: CborKind.Bytes } item ? item.Bytes : null;

    internal byte[]? BytesAt(long key) => Find(key) is { Kind: CborKind.Bytes } item ? item.Bytes : null;

    internal string? TextAt(string key) => Find(key) is { Kind: CborKind.Text } item ? item.Text : null;

    internal long? NumberAt(string key) => Find(key) is { Kind: CborKind.Integer } item ? item.Number : null;

    internal long? NumberAt(long key) => Find(key) is { Kind: CborKind.Integer } item ? item.Number : null;

    internal bool SameKey(CborItem other) => Kind == other.Kind && Number == other.Number && string.Equals(Text, other.Text, StringComparison.Ordinal);

    private CborItem? Find(Func<CborItem, bool> isKey)
    {
        foreach (var (key, value) in Entries)
            if (isKey(key)) return value;
        return null;
    }
}
