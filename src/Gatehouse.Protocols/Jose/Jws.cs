using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Jose;

/// <summary>The compact serialization of RFC 7515 §7.1: <c>header.payload.signature</c>, signed and verified.</summary>
public static class Jws
{
    private const int StackLimit = 2048;

    /// <summary>Signs a payload under a header of <c>alg</c>, <c>typ</c> and <c>kid</c>; null leaves a member out.</summary>
    public static string Sign(SigningKey key, string? typ, string? kid, ReadOnlySpan<byte> payloadUtf8)
    {
        var header = key.EncodedHeader(typ, kid);
        var length = CompactLength(header.Length, payloadUtf8.Length, key.SignatureLength);
        byte[]? rented = null;
        var buffer = length <= StackLimit ? stackalloc byte[length] : (rented = ArrayPool<byte>.Shared.Rent(length)).AsSpan(0, length);
        Fill(buffer, key, header, payloadUtf8);
        var text = Encoding.ASCII.GetString(buffer);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    /// <summary>Signs straight into a response's buffer, as ASCII, without an intermediate string.</summary>
    public static void Sign(IBufferWriter<byte> output, SigningKey key, string? typ, string? kid, ReadOnlySpan<byte> payloadUtf8)
    {
        var header = key.EncodedHeader(typ, kid);
        var length = CompactLength(header.Length, payloadUtf8.Length, key.SignatureLength);
        Fill(output.GetSpan(length)[..length], key, header, payloadUtf8);
        output.Advance(length);
    }

    /// <summary>Signs with a client's secret.</summary>
    public static string Sign(HmacKey key, string? typ, string? kid, ReadOnlySpan<byte> payloadUtf8)
    {
        var header = JwsHeaderCache.Encode(key.Algorithm, typ, kid);
        var buffer = new byte[CompactLength(header.Length, payloadUtf8.Length, key.Algorithm.SignatureLength)];
        var signed = WriteSigningInput(buffer, header, payloadUtf8);
        Span<byte> mac = stackalloc byte[key.Algorithm.SignatureLength];
        key.Sign(buffer.AsSpan(0, signed), mac);
        WriteSignature(buffer.AsSpan(signed), mac);
        return Encoding.ASCII.GetString(buffer);
    }

    /// <summary>Verifies a token against what the caller expects of it. Nothing in the token chooses how it is verified.</summary>
    public static Result<VerifiedJws, JoseError> Verify(ReadOnlySpan<char> compact, JwsVerification expectations)
    {
        if (compact.Length > expectations.MaxLength) return TooLong;
        var rented = ArrayPool<byte>.Shared.Rent(compact.Length);
        try
        {
            return Ascii.FromUtf16(compact, rented, out var length) == OperationStatus.Done
                ? Verify(rented.AsSpan(0, length), expectations)
                : NotCompact;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc cref="Verify(ReadOnlySpan{char}, JwsVerification)"/>
    public static Result<VerifiedJws, JoseError> Verify(ReadOnlySpan<byte> compact, JwsVerification expectations)
    {
        // The order is that of cost and of RFC 7515 §5.2: shape, header, expectations, key, and the signature last.
        if (compact.Length > expectations.MaxLength) return TooLong;
        if (!TrySplit(compact, out var parts)) return NotCompact;
        if (!ReadHeader(compact[parts.Header]).TryGet(out var header, out var error)) return error;
        if (!expectations.Accepts(header)) return TypeUnexpected;
        if (!SelectKey(header, expectations.Keys).TryGet(out var key, out error)) return error;

        if (!Base64UrlStrict.TryDecode(compact[parts.Payload], out var payload)) return NotCompact;
        var encodedSignature = compact[parts.Signature];
        Span<byte> signature = stackalloc byte[JsonWebKeyReader.MaxRsaBits / 8];
        if (!Base64UrlStrict.TryDecode(encodedSignature, signature, out var signatureLength)) return SignatureInvalid;
        if (signatureLength == 0 || !key.Verify(compact[..parts.SignedLength], signature[..signatureLength])) return SignatureInvalid;
        return new VerifiedJws(header, key, payload);
    }

    /// <summary>Reads a token without believing it: who claims to have sent it decides whose keys to verify it with.</summary>
    public static Result<UnverifiedJws, JoseError> Peek(ReadOnlySpan<char> compact, int maxLength = JwsVerification.DefaultMaxLength)
    {
        if (compact.Length > maxLength) return TooLong;
        var bytes = new byte[compact.Length];
        if (Ascii.FromUtf16(compact, bytes, out _) != OperationStatus.Done || !TrySplit(bytes, out var parts)) return NotCompact;
        if (!ReadHeader(bytes.AsSpan()[parts.Header]).TryGet(out var header, out var error)) return error;
        return Base64UrlStrict.TryDecode(bytes.AsSpan()[parts.Payload], out var payload) ? new UnverifiedJws(header, payload) : NotCompact;
    }

    private static Result<JwsHeader, JoseError> ReadHeader(ReadOnlySpan<byte> encoded) =>
        Base64UrlStrict.TryDecode(encoded, out var header) ? JwsHeader.Parse(header) : NotCompact;

    /// <summary>The one expected key with the header's algorithm and, where the header has one, its <c>kid</c>.</summary>
    private static Result<VerificationKey, JoseError> SelectKey(JwsHeader header, IReadOnlyList<VerificationKey> keys)
    {
        VerificationKey? selected = null;
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys[i];
            if (key.Algorithm != header.Algorithm) continue;
            if (header.KeyId is not null && !string.Equals(header.KeyId, key.KeyId, StringComparison.Ordinal)) continue;
            if (selected is not null) return KeyAmbiguous;
            selected = key;
        }
        return selected is not null ? selected : KeyUnknown;
    }

    private static bool TrySplit(ReadOnlySpan<byte> compact, out Parts parts)
    {
        parts = default;
        var first = compact.IndexOf((byte)'.');
        if (first < 0) return false;
        var second = compact[(first + 1)..].IndexOf((byte)'.');
        if (second < 0) return false;
        second += first + 1;
        if (compact[(second + 1)..].Contains((byte)'.')) return false;
        parts = new(first, second);
        return true;
    }

    private static int CompactLength(int headerLength, int payloadLength, int signatureLength) =>
        checked(headerLength + 1 + Base64Url.GetEncodedLength(payloadLength) + 1 + Base64Url.GetEncodedLength(signatureLength));

    private static void Fill(Span<byte> buffer, SigningKey key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var signed = WriteSigningInput(buffer, header, payload);
        Span<byte> signature = stackalloc byte[key.SignatureLength];
        key.Sign(buffer[..signed], signature);
        WriteSignature(buffer[signed..], signature);
    }

    private static int WriteSigningInput(Span<byte> buffer, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        header.CopyTo(buffer);
        buffer[header.Length] = (byte)'.';
        return header.Length + 1 + Base64Url.EncodeToUtf8(payload, buffer[(header.Length + 1)..]);
    }

    private static void WriteSignature(Span<byte> buffer, ReadOnlySpan<byte> signature)
    {
        buffer[0] = (byte)'.';
        Base64Url.EncodeToUtf8(signature, buffer[1..]);
    }

    private readonly record struct Parts(int FirstDot, int SecondDot)
    {
        public Range Header => ..FirstDot;
        public Range Payload => (FirstDot + 1)..SecondDot;
        public Range Signature => (SecondDot + 1)..;
        public int SignedLength => SecondDot;
    }

    private static readonly JoseError TooLong = new(JoseError.Malformed, "The token is longer than allowed.");
    private static readonly JoseError NotCompact = new(JoseError.Malformed, "The token is not three parts of canonical base64url.");
    private static readonly JoseError TypeUnexpected = new(JoseError.TypeUnexpected, "typ is not the one expected here.");
    private static readonly JoseError KeyUnknown = new(JoseError.KeyUnknown, "No expected key has this kid and algorithm.");
    private static readonly JoseError KeyAmbiguous = new(JoseError.KeyUnknown, "More than one expected key would fit.");
    private static readonly JoseError SignatureInvalid = new(JoseError.SignatureInvalid, "The signature does not verify.");
}
