using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Protocols.OAuth;

/// <summary>An access token from an <c>Authorization: Bearer</c> header, RFC 6750 §2.1.</summary>
public static class BearerCredentials
{
    private const string Scheme = "Bearer ";

    // b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    private static readonly SearchValues<char> tokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    public static bool TryParse(string? header, [NotNullWhen(true)] out string? token)
    {
        token = null;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var text = header.AsSpan(Scheme.Length);
        if (text.IsEmpty || text.ContainsAnyExcept(tokenCharacters)) return false;
        token = text.ToString();
        return true;
    }
}
