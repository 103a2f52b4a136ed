namespace Gatehouse.Protocols.OAuth;

/// <summary>The <c>resource</c> parameter, RFC 8707 §2: an absolute URI without a fragment. Compared byte for byte with what was registered.</summary>
public static class ResourceIndicator
{
    public const int MaxLength = 500;

    public static bool IsWellFormed(string text) =>
        text.Length <= MaxLength && !text.Contains('#') && !text.Contains(' ') && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        // On Unix a path such as /orders is read as a file URI.
        && text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase);
}
