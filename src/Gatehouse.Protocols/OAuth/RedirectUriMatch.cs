namespace Gatehouse.Protocols.OAuth;

/// <summary>
/// Whether a redirect URI is one that was registered: RFC 9700 §4.1.3, byte for byte. One exception, RFC 8252 §7.3: a native app on a
/// loopback address literal listens on whatever port the system gave it. <c>localhost</c> is a name, not such a literal, and matches
/// exactly.
/// </summary>
public static class RedirectUriMatch
{
    public static bool IsRegistered(string presented, IReadOnlyList<string> registered)
    {
        for (var i = 0; i < registered.Count; i++)
            if (string.Equals(presented, registered[i], StringComparison.Ordinal)) return true;
        if (!TrySplitLoopback(presented, out var host, out var rest)) return false;
        for (var i = 0; i < registered.Count; i++)
            if (TrySplitLoopback(registered[i], out var knownHost, out var knownRest)
                && host.SequenceEqual(knownHost) && rest.SequenceEqual(knownRest)) return true;
        return false;
    }

    /// <summary>Takes the port out of <c>http://127.0.0.1:port/…</c>; everything else must be equal to the byte.</summary>
    private static bool TrySplitLoopback(ReadOnlySpan<char> uri, out ReadOnlySpan<char> host, out ReadOnlySpan<char> rest)
    {
        rest = default;
        host = uri.StartsWith("http://127.0.0.1", StringComparison.Ordinal) ? uri[..16]
            : uri.StartsWith("http://[::1]", StringComparison.Ordinal) ? uri[..12] : default;
        if (host.IsEmpty) return false;
        rest = uri[host.Length..];
        if (!rest.IsEmpty && rest[0] == ':')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits < 0) digits = rest.Length - 1;
            if (digits is 0 or > 5 || !ushort.TryParse(rest.Slice(1, digits), out var port) || port == 0) return false;
            rest = rest[(1 + digits)..];
        }
        // What follows the host must end it: http://127.0.0.1.evil.example and http://127.0.0.1@evil.example are other places.
        return rest.IsEmpty || rest[0] is '/' or '?';
    }
}
