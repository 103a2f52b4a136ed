using System.Globalization;

namespace Gatehouse.Audit;

/// <summary>Host and port of a syslog receiver: <c>logs.example.com:6514</c>, <c>[2001:db8::1]:6514</c>.</summary>
internal static class StreamAddress
{
    internal static (string Host, int Port)? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 1 || text.Length > 300 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) return null;
        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
            return Uri.CheckHostName(inner) == UriHostNameType.IPv6 ? (inner, port) : null;
        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 ? (host, port) : null;
    }
}
