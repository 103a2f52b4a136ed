using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gatehouse.Testing;

/// <summary>
/// A browser and its authenticator in one, made of values that tests spoil one at a time: an ES256 passkey, without attestation unless
/// <see cref="Attest"/> says one. What it says is right unless told otherwise.
/// </summary>
public sealed class SoftAuthenticator : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);
    public byte[] UserHandle { get; set; } = [];
    public uint SignCount { get; set; }

    /// <summary>UP 1, UV 4, BE 8, BS 16.</summary>
    public byte Flags { get; set; } = 0x1D;
    public string? CreateType { get; set; }
    public string? AssertionType { get; set; }
    public bool? CrossOrigin { get; set; } = false;
    public string? TopOrigin { get; set; }
    public Guid Aaguid { get; set; }

    /// <summary>Makes the attestation statement; null: none. See <see cref="SoftVendor"/>.</summary>
    public Func<SoftAttestation, (string Format, byte[] Statement)>? Attest { get; set; }

    public byte[] ClientData(string type, string challenge, string origin)
    {
        Dictionary<string, object> data = new() { ["type"] = type, ["challenge"] = challenge, ["origin"] = origin };
        if (CrossOrigin is { } cross) data["crossOrigin"] = cross;
        if (TopOrigin is { } top) data["topOrigin"] = top;
        return JsonSerializer.SerializeToUtf8Bytes(data);
    }

    /// <summary>The fields of a registration's form.</summary>
    public (string Name, string Value)[] Create(string rpId, string challenge, string origin)
    {
        var client = ClientData(CreateType ?? "webauthn.create", challenge, origin);
        byte[] data = [.. Head(rpId, 0x40), .. Aaguid.ToByteArray(bigEndian: true), .. Length(CredentialId.Length), .. CredentialId, .. CoseKey()];
        var (format, statement) = Attest?.Invoke(new(data, SHA256.HashData(client), key)) ?? ("none", Cbor.Map());
        var attestation = Cbor.Map((Cbor.Text("fmt"), Cbor.Text(format)), (Cbor.Text("attStmt"), statement), (Cbor.Text("authData"), Cbor.Bytes(data)));
        return [("id", Text(CredentialId)), ("client_data", Text(client)), ("data", Text(attestation)), ("transports", "internal hybrid")];
    }

    /// <summary>The fields of a sign-in's form.</summary>
    public (string Name, string Value)[] Get(string rpId, string challenge, string origin)
    {
        var client = ClientData(AssertionType ?? "webauthn.get", challenge, origin);
        var data = Head(rpId, 0);
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        return [("id", Text(CredentialId)), ("client_data", Text(client)), ("data", Text(data)),
            ("signature", Text(key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))), ("user_handle", Text(UserHandle))];
    }

    private byte[] Head(string rpId, byte more)
    {
        var head = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(rpId), head);
        head[32] = (byte)(Flags | more);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(33), SignCount);
        return head;
    }

    private byte[] CoseKey()
    {
        var q = key.ExportParameters(false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. q.X!, 0x22, 0x58, 0x20, .. q.Y!];
    }

    private static byte[] Length(int value) => [(byte)(value >> 8), (byte)value];

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose() => key.Dispose();
}
