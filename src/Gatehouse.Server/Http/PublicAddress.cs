using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Http;

/// <summary>Whether an address is one of the Internet's, and not of this machine, of a network behind it or of nothing (IANA's special-purpose registries, RFC 6890).</summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Teredo, benchmarking, ORCHID, documentation, 6to4: all of them inside global unicast.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    // Everything else of IPv6 is local, mapped, translated (an IPv4 address inside) or not given out.
    private static readonly IPNetwork globalUnicast = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !globalUnicast.Contains(address)) return false;
        foreach (var network in closed)
            if (network.Contains(address)) return false;
        return true;
    }
}
