using System.Buffers;
using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Jose;

/// <summary>A set of public keys: RFC 7517 §5. At most <see cref="MaxKeys"/> of them.</summary>
/// <remarks>
/// As §5 asks, a key that cannot be used here (an unknown <c>kty</c>, a size out of range, a broken encoding) is passed over and does not
/// spoil the others; <see cref="Ignored"/> says why. Private material spoils the whole set: who publishes it has lost that key.
/// </remarks>
public sealed class JsonWebKeySet(IReadOnlyList<JsonWebKey> keys)
{
    /// <summary>Bounds the work one foreign document can cause.</summary>
    public const int MaxKeys = 100;

    public IReadOnlyList<JsonWebKey> Keys { get; } = keys;
    public IReadOnlyList<JoseError> Ignored { get; private init; } = [];

    public static Result<JsonWebKeySet, JoseError> Parse(ReadOnlySpan<byte> utf8Json) =>
        StrictJson.TryParseObject(utf8Json, out var root) ? Parse(root) : Invalid("The key set is not one strict JSON object.");

    /// <summary>Parses a set that is part of a strictly parsed document, such as the <c>jwks</c> of a client's metadata.</summary>
    public static Result<JsonWebKeySet, JoseError> Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("keys", out var array) || array.ValueKind != JsonValueKind.Array)
            return Invalid("The key set has no array named keys.");
        if (array.GetArrayLength() > MaxKeys) return Invalid("The key set has too many keys.");

        var keys = new List<JsonWebKey>(array.GetArrayLength());
        var ignored = new List<JoseError>();
        foreach (var item in array.EnumerateArray())
        {
            if (JsonWebKeyReader.Read(item).TryGet(out var key, out var error)) keys.Add(key);
            else if (error.Code == JoseError.KeyPrivate) return error;
            else ignored.Add(error);
        }
        return new JsonWebKeySet(keys) { Ignored = ignored };
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys"u8);
        foreach (var key in Keys) key.WritePublic(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The document as served, <c>application/jwk-set+json</c>.</summary>
    public byte[] ToUtf8Json()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static JoseError Invalid(string detail) => new(JoseError.KeyInvalid, detail);
}
