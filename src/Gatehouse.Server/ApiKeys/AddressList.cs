using System.Net;
using System.Net.Sockets;
using Gatehouse.Kernel;

namespace Gatehouse.ApiKeys;

/// <summary>Networks from which a key may be used; none is all. IPv4 in the form of IPv6 is IPv4, on either side.</summary>
internal sealed class AddressList
{
    internal const int Max = 50;
    private const int MaxLength = 60;

    private readonly IPNetwork[] networks;

    private AddressList(IPNetwork[] networks) => this.networks = networks;

    internal bool IsEmpty => networks.Length == 0;

    internal IReadOnlyList<string> Texts => [.. networks.Select(n => n.ToString())];

    /// <returns>422 <c>addresses_invalid</c>.</returns>
    internal static Result<AddressList, Problem> Parse(IReadOnlyList<string> texts)
    {
        if (texts.Count > Max) return Invalid;
        var networks = new IPNetwork[texts.Count];
        for (var i = 0; i < networks.Length; i++)
        {
            if (ParseOne(texts[i]) is not { } network) return Invalid;
            networks[i] = network;
        }
        return new AddressList([.. networks.Distinct()]);
    }

    /// <exception cref="InvalidOperationException">What was stored is no list of networks.</exception>
    internal static AddressList Read(IReadOnlyList<string> stored) =>
        Parse(stored).TryGet(out var list, out _) ? list : throw new InvalidOperationException("A key has addresses that cannot be read.");

    /// <param name="address">Null, or nothing that is an address: nobody knows from where.</param>
    internal bool Admits(string? address)
    {
        if (IsEmpty) return true;
        if (!IPAddress.TryParse(address, out var from)) return false;
        if (from.IsIPv4MappedToIPv6) from = from.MapToIPv4();
        foreach (var network in networks)
            if (network.Contains(from)) return true;
        return false;
    }

    private static IPNetwork? ParseOne(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength } || text.Contains('%', StringComparison.Ordinal)) return null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address)) return null;
        // 127.1 and 0x7f.1 are addresses to some and a mistake here.
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != (slash < 0 ? text : text[..slash])) return null;
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out length) || length > bits)) return null;
        if (address.IsIPv4MappedToIPv6)
        {
            if (length < 96) return null;
            (address, length) = (address.MapToIPv4(), length - 96);
        }
        // Bits beyond the network's own are a mistake about which network is meant.
        return IPNetwork.TryParse($"{address}/{length}", out var network) && network.BaseAddress.Equals(address) ? network : null;
    }

    private static readonly Problem Invalid =
        Problem.Invalid("addresses_invalid", $"allowed_addresses has at most {Max} networks such as 192.0.2.0/24, 192.0.2.7 or 2001:db8::/32, without bits beyond the network.", "allowed_addresses");
}
