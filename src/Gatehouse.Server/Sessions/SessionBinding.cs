using System.Net;
using System.Net.Sockets;
using Gatehouse.Http;

namespace Gatehouse.Sessions;

/// <summary>
/// Whether a request looks like the browser in which a session's person last proved who she is: so that a cookie that was carried off is of no
/// use in another network or browser. A hurdle, not a proof: who steals a cookie may copy the <c>User-Agent</c> with it.
/// </summary>
internal static class SessionBinding
{
    internal const string Network = "network", UserAgent = "user_agent";

    /// <returns>What differs, of what the tenant compares; empty: nothing.</returns>
    internal static string Differs(SessionSettings settings, Session session, RequestFacts request)
    {
        var network = settings.Binding is SessionSettings.BindNetwork or SessionSettings.BindStrict && !SameNetwork(session.IpAddress, request.IpAddress);
        var agent = settings.Binding is SessionSettings.BindUserAgent or SessionSettings.BindStrict && !SameBrowser(session.UserAgent, request.UserAgent);
        return (network, agent) switch { (true, true) => $"{Network} {UserAgent}", (true, false) => Network, (false, true) => UserAgent, _ => "" };
    }

    /// <summary>IPv4 by /24, IPv6 by /48: an address changes with every reconnection, its neighbourhood less often.</summary>
    internal static bool SameNetwork(string one, string other)
    {
        if (string.Equals(one, other, StringComparison.Ordinal)) return true;
        if (!IPAddress.TryParse(one, out var a) || !IPAddress.TryParse(other, out var b)) return false;
        if (a.IsIPv4MappedToIPv6) a = a.MapToIPv4();
        if (b.IsIPv4MappedToIPv6) b = b.MapToIPv4();
        if (a.AddressFamily != b.AddressFamily) return false;
        var bytes = a.AddressFamily == AddressFamily.InterNetworkV6 ? 6 : 3;
        return a.GetAddressBytes().AsSpan(0, bytes).SequenceEqual(b.GetAddressBytes().AsSpan(0, bytes));
    }

    /// <summary>Browser and system, not their versions: browsers update themselves in the middle of a session. Programs that are none we know are compared as they are.</summary>
    internal static bool SameBrowser(string one, string other)
    {
        if (string.Equals(one, other, StringComparison.Ordinal)) return true;
        var (a, b) = (DeviceName.Of(one), DeviceName.Of(other));
        return a.Known && a == b;
    }
}
