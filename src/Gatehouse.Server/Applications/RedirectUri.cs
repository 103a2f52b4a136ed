using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>
/// What may be registered as a redirect URI. It is stored and later compared byte for byte, so nothing is normalised here: what a browser
/// would read differently from how it is written is refused.
/// </summary>
internal static class RedirectUri
{
    internal const int MaxLength = 2000, MaxCount = 50;

    /// <param name="field">The member at fault, for the problem.</param>
    /// <returns>Null when it may be registered; else <c>redirect_uri_invalid</c> with the reason.</returns>
    internal static Problem? Check(string? text, ClientType type, string field)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength) return Invalid($"A redirect URI has 1 to {MaxLength} characters.");
        foreach (var c in text)
            // RFC 3986 §2: everything else is written percent-encoded. A backslash is a slash to browsers, and a star reads as a wildcard.
            if (c is <= ' ' or > '~' or '\\' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}' or '*')
                return Invalid("A redirect URI is written with the characters of RFC 3986 and has no wildcard.");
        if (text.Contains('#')) return Invalid("A redirect URI has no fragment (RFC 6749 §3.1.2).");
        // A path is an absolute URI to .NET on Unix; to everybody else it has no scheme.
        if (text.IndexOf(':') is not (> 0 and var colon) || !Uri.CheckSchemeName(text[..colon]) || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return Invalid("A redirect URI is absolute.");
        if (uri.UserInfo.Length > 0) return Invalid("A redirect URI has no user name in it.");

        // Scheme and host are compared byte for byte later, and browsers lower them: only the lower form can ever match.
        var scheme = text[..colon];
        if (scheme.Any(char.IsAsciiLetterUpper)) return Invalid("Write the scheme in lower case.");
        return scheme switch
        {
            "https" when uri.Host.Length > 0 && HasAuthority(text, scheme) => null,
            "http" when HasAuthority(text, scheme) && IsLoopback(uri) => null,
            "http" => Invalid("http is for the loopback host alone (127.0.0.1, [::1], localhost); use https."),
            _ when type == ClientType.Public && IsPrivateUse(scheme) => null,
            _ when IsPrivateUse(scheme) => Invalid("Only a public client (an app on a device) may use a scheme of its own."),
            _ => Invalid("Use https, or for an app on a device a scheme named after your domain, such as com.example.app (RFC 8252 §7.1)."),
        };

        Problem Invalid(string detail) => Problem.Invalid("redirect_uri_invalid", detail, field);
    }

    private static bool HasAuthority(string text, string scheme) => text.AsSpan(scheme.Length).StartsWith("://", StringComparison.Ordinal);

    private static bool IsLoopback(Uri uri) => uri.Host is "127.0.0.1" or "[::1]" or "localhost";

    /// <summary>RFC 8252 §7.1: a reversed domain name, so at least one dot. That also shuts out <c>javascript:</c>, <c>data:</c> and their kind.</summary>
    private static bool IsPrivateUse(string scheme) => scheme.Contains('.');
}
