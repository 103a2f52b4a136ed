using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose;

/// <summary>Signs what our own writer never would: any header bytes over any payload.</summary>
internal static class Forge
{
    public static string Token(SigningKey key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var input = $"{Base64UrlStrict.Encode(header)}.{Base64UrlStrict.Encode(payload)}";
        var signature = new byte[key.SignatureLength];
        key.Sign(Encoding.ASCII.GetBytes(input), signature);
        return $"{input}.{Base64UrlStrict.Encode(signature)}";
    }

    public static string Token(SigningKey key, string header, string payload = "{}") =>
        Token(key, Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    public static string Token(HmacKey key, string header, string payload = "{}")
    {
        var input = $"{Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(header))}.{Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(payload))}";
        Span<byte> mac = stackalloc byte[32];
        key.Sign(Encoding.ASCII.GetBytes(input), mac);
        return $"{input}.{Base64UrlStrict.Encode(mac)}";
    }
}
