using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Protocols.OAuth;

/// <summary>A client's id and secret from an <c>Authorization: Basic</c> header.</summary>
public sealed record BasicCredentials(string ClientId, string ClientSecret)
{
    private const string Scheme = "Basic ";
    private const int MaxLength = 2048;

    /// <summary>Whether the header is of this scheme at all.</summary>
    public static bool IsBasic(string? header) => header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// RFC 6749 §2.3.1: both halves are form-encoded <em>before</em> base64, so they are decoded here, strictly. A server that is loose about it
    /// lets one secret be spelled in many ways and breaks clients whose secret holds a percent sign.
    /// </summary>
    public static bool TryParse(string header, [NotNullWhen(true)] out BasicCredentials? credentials)
    {
        credentials = null;
        if (!IsBasic(header) || header.Length > MaxLength) return false;
        var encoded = header.AsSpan(Scheme.Length);
        // The platform's decoder would pass over white space inside.
        if (encoded.IndexOfAny(" \t\r\n") >= 0) return false;
        var rented = ArrayPool<byte>.Shared.Rent(MaxLength);
        try
        {
            if (!Convert.TryFromBase64Chars(encoded, rented, out var length)) return false;
            var pair = rented.AsSpan(0, length);
            var colon = pair.IndexOf((byte)':');
            if (colon <= 0 || !FormDecoder.TryDecode(pair[..colon], out var id) || !FormDecoder.TryDecode(pair[(colon + 1)..], out var secret)) return false;
            credentials = new(id, secret);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
