using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Kernel;

/// <summary>
/// A UUIDv7 that knows what it names. Shown as <c>prefix_</c> and 26 base32 characters at every interface; a client id cannot be
/// passed where a user id is meant, neither in code nor on the wire.
/// </summary>
public interface ITypedId<TSelf> : ITypedId where TSelf : struct, ITypedId<TSelf>
{
    /// <summary>The lower-case prefix without the underscore, for example <c>usr</c>.</summary>
    static abstract string Prefix { get; }
    static abstract TSelf From(Guid value);
}

/// <summary>What storage needs to know of an id: its 16 bytes.</summary>
public interface ITypedId
{
    Guid Value { get; }
}

/// <summary>Makes, shows and reads typed ids.</summary>
public static class TypedId
{
    /// <summary>
    /// A new id. RFC 9562 §6.2 method 3: the twelve bits after the millisecond hold its fraction, so that what one process makes in one
    /// millisecond still sorts in the order it was made; 62 random bits remain.
    /// </summary>
    public static T New<T>(TimeProvider clock) where T : struct, ITypedId<T> => New<T>(clock.GetUtcNow());

    /// <summary>The same at a stated time: for what also keeps its time beside its id, and is found by either.</summary>
    public static T New<T>(DateTimeOffset now) where T : struct, ITypedId<T>
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        var fraction = (int)(now.Ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond);
        (bytes[6], bytes[7]) = ((byte)(0x70 | fraction >> 8), (byte)fraction);
        return T.From(new Guid(bytes, bigEndian: true));
    }

    public static string Format<T>(T id) where T : struct, ITypedId<T> => string.Concat(T.Prefix, "_", Base32.Encode(id.Value));

    /// <summary>Exact: right prefix, right length, canonical digits, not the empty id.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? text, out T id) where T : struct, ITypedId<T>
    {
        id = default;
        if (text is null || text.Length != T.Prefix.Length + 27 || text[T.Prefix.Length] != '_'
            || !text.StartsWith(T.Prefix, StringComparison.Ordinal)
            || !Base32.TryDecode(text.AsSpan(T.Prefix.Length + 1), out var value) || value == Guid.Empty) return false;
        id = T.From(value.Value);
        return true;
    }
}

/// <summary>Typed ids as their prefixed strings in JSON.</summary>
public sealed class TypedIdConverter<T> : JsonConverter<T> where T : struct, ITypedId<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TypedId.TryParse<T>(reader.GetString(), out var id)
            ? id : throw new JsonException($"An id here looks like {T.Prefix}_ and 26 characters.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(TypedId.Format(value));
}
