using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// The few headers a key signs under, encoded once. Bounded: a caller with ever-new <c>kid</c> values gets a correct header, uncached.
/// </summary>
internal sealed class JwsHeaderCache
{
    private const int MaxEntries = 16;

    private ImmutableArray<Entry> entries = [];

    public byte[] Get(JwsAlgorithm algorithm, string? type, string? keyId)
    {
        var known = entries;
        foreach (var entry in known)
            if (entry.Type == type && entry.KeyId == keyId) return entry.Encoded;

        var encoded = Encode(algorithm, type, keyId);
        // A lost race costs the other thread's entry, which is then encoded again.
        if (known.Length < MaxEntries) ImmutableInterlocked.InterlockedExchange(ref entries, known.Add(new(type, keyId, encoded)));
        return encoded;
    }

    /// <summary><c>alg</c>, then <c>typ</c> and <c>kid</c> where given; without spaces.</summary>
    internal static byte[] Encode(JwsAlgorithm algorithm, string? type, string? keyId)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        // at+jwt is to read as such and not as at\u002Bjwt: some consumers compare the header's text.
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("alg"u8, algorithm.Name);
            if (type is not null) writer.WriteString("typ"u8, type);
            if (keyId is not null) writer.WriteString("kid"u8, keyId);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.ASCII.GetBytes(Base64UrlStrict.Encode(buffer.WrittenSpan));
    }

    private sealed record Entry(string? Type, string? KeyId, byte[] Encoded);
}
