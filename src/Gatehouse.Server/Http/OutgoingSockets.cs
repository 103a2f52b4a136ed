using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Gatehouse.Http;

/// <summary>
/// Connections to hosts that a tenant has written: to public addresses only, unless <see cref="HttpOptions.AllowPrivateTargets"/>. Which address
/// a name leads to is looked at when it is connected to, and that very address is connected to (DNS rebinding).
/// </summary>
public sealed class OutgoingSockets(IOptions<HttpOptions> options)
{
    /// <summary>Whether this machine and networks behind it may be reached.</summary>
    public bool AllowsPrivate => options.Value.AllowPrivateTargets;

    /// <exception cref="HttpRequestException">Nobody answers, or the name leads to no address that may be reached.</exception>
    public async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        Exception? last = null;
        foreach (var address in await Dns.GetHostAddressesAsync(host, ct))
        {
            if (!AllowsPrivate && !PublicAddress.Is(address)) continue;
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e)
            {
                socket.Dispose();
                if (e is not SocketException) throw;
                last = e;
            }
        }
        throw new HttpRequestException(HttpRequestError.ConnectionError, last is null ? "The name leads to no public address." : "Nobody answers there.", last);
    }
}
