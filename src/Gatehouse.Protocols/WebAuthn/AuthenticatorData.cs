using System.Buffers.Binary;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>What the authenticator says and signs: WebAuthn §6.1.</summary>
internal sealed class AuthenticatorData
{
    /// <summary>Head, a credential id of 1023 bytes, an RSA key of 8192 bits, and as much again for extensions.</summary>
    internal const int MaxLength = 4096;

    /// <summary>WebAuthn §7.1 step 25.</summary>
    internal const int MaxCredentialIdLength = 1023;

    private const int HeadLength = 37;
    private const byte Present = 0x01, Verified = 0x04, Eligible = 0x08, Backed = 0x10, Attested = 0x40, Extended = 0x80;

    private readonly byte flags;

    private AuthenticatorData(byte[] raw, AttestedCredential? credential) =>
        (Raw, flags, SignCount, Credential) = (raw, raw[32], BinaryPrimitives.ReadUInt32BigEndian(raw.AsSpan(33)), credential);

    internal byte[] Raw { get; }
    internal ReadOnlySpan<byte> RpIdHash => Raw.AsSpan(0, 32);
    internal bool UserPresent => (flags & Present) != 0;
    internal bool UserVerified => (flags & Verified) != 0;
    internal bool BackupEligible => (flags & Eligible) != 0;
    internal bool BackedUp => (flags & Backed) != 0;
    internal uint SignCount { get; }
    internal AttestedCredential? Credential { get; }

    internal static Result<AuthenticatorData, WebAuthnError> Parse(byte[] raw)
    {
        if (raw.Length > MaxLength) return new WebAuthnError(WebAuthnError.TooLarge, "The authenticator data is longer than we read.");
        if (raw.Length < HeadLength) return Malformed("The authenticator data ends in its head.");
        var rest = raw.AsSpan(HeadLength);
        AttestedCredential? credential = null;
        if ((raw[32] & Attested) != 0)
        {
            if (!AttestedCredential.Read(rest, out var length).TryGet(out credential, out var error)) return error;
            rest = rest[length..];
        }
        if ((raw[32] & Extended) != 0)
        {
            if (!CborParser.TryRead(rest, out var extensions, out var length) || extensions.Kind != CborKind.Map) return Malformed("The extensions are not one CBOR map.");
            rest = rest[length..];
        }
        return rest.IsEmpty ? new AuthenticatorData(raw, credential) : Malformed("Bytes follow the authenticator data.");
    }

    private static WebAuthnError Malformed(string detail) => new(WebAuthnError.Malformed, detail);
}

/// <summary>The credential inside: WebAuthn §6.5.1.</summary>
internal sealed record AttestedCredential(Guid Aaguid, byte[] Id, byte[] EncodedKey, CoseKey Key)
{
    internal static Result<AttestedCredential, WebAuthnError> Read(ReadOnlySpan<byte> data, out int length)
    {
        length = 0;
        if (data.Length < 18) return Malformed;
        var idLength = BinaryPrimitives.ReadUInt16BigEndian(data[16..]);
        // §7.1 step 25 stands here, before anything of that length is touched.
        if (idLength is 0 or > AuthenticatorData.MaxCredentialIdLength || data.Length < 18 + idLength) return Malformed;
        var id = data.Slice(18, idLength);
        var rest = data[(18 + idLength)..];
        if (!CborParser.TryRead(rest, out var item, out var keyLength)) return Malformed;
        if (keyLength > CoseKey.MaxLength) return new WebAuthnError(WebAuthnError.TooLarge, "The key is longer than any we take.");
        if (!CoseKey.Read(item).TryGet(out var key, out var error)) return error;
        length = 18 + idLength + keyLength;
        return new AttestedCredential(new Guid(data[..16], bigEndian: true), id.ToArray(), rest[..keyLength].ToArray(), key);
    }

    private static WebAuthnError Malformed { get; } = new(WebAuthnError.Malformed, "The attested credential data does not have its form.");
}
