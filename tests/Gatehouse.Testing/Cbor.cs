using System.Text;

namespace Gatehouse.Testing;

/// <summary>Writes what little CBOR authenticators need.</summary>
public static class Cbor
{
    public static byte[] Number(long value) => value >= 0 ? Head(0, (int)value) : Head(1, (int)(-1 - value));

    public static byte[] Text(string value) => [.. Head(3, Encoding.UTF8.GetByteCount(value)), .. Encoding.UTF8.GetBytes(value)];

    public static byte[] Bytes(byte[] value) => [.. Head(2, value.Length), .. value];

    public static byte[] Array(params IReadOnlyList<byte[]> items) => [.. Head(4, items.Count), .. items.SelectMany(i => i)];

    /// <summary>Keys and values are items already.</summary>
    public static byte[] Map(params IReadOnlyList<(byte[] Key, byte[] Value)> entries) => [.. Head(5, entries.Count), .. entries.SelectMany(e => e.Key.Concat(e.Value))];

    private static byte[] Head(int major, int argument) => argument switch
    {
        < 24 => [(byte)(major << 5 | argument)],
        < 256 => [(byte)(major << 5 | 24), (byte)argument],
        < 65536 => [(byte)(major << 5 | 25), (byte)(argument >> 8), (byte)argument],
        _ => throw new ArgumentOutOfRangeException(nameof(argument)),
    };
}
