using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Gatehouse.Http;

/// <summary>
/// Requests to addresses that a tenant has written, who must not reach through this server what only this server can reach. Which address a name leads to is looked
/// at when it is connected to, so that a name which changes its mind (DNS rebinding) gains nothing. No redirects, cookies or proxies; answers are
/// read up to a limit.
/// </summary>
public sealed class OutgoingHttp : IDisposable
{
    private const int MaxConnectionsPerServer = 32;
    private readonly bool allowPrivate;
    private readonly HttpClient http;

    public OutgoingHttp(IOptions<HttpOptions> options)
    {
        allowPrivate = options.Value.AllowPrivateTargets;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxConnectionsPerServer = MaxConnectionsPerServer, MaxResponseHeadersLength = 16, MaxResponseDrainSize = 0,
            // No trace's id belongs with a stranger.
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Whether it may stand in a configuration: https, or for development http to this machine (which only <see cref="HttpOptions.AllowPrivateTargets"/> lets through).</summary>
    public static bool IsTarget(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var target) && target.UserInfo.Length == 0 && target.Fragment.Length == 0 && target.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
        && (target.Scheme == "https" || (target.Scheme == "http" && target.IsLoopback));

    /// <returns>Status, media type and body; the body null where it is larger.</returns>
    /// <exception cref="HttpRequestException">No answer, or an address that may not be reached.</exception>
    public async Task<(HttpStatusCode Status, string? MediaType, byte[]? Body)> SendAsync(HttpRequestMessage request, int maxBytes, CancellationToken ct)
    {
        if (!IsTarget(request.RequestUri!.AbsoluteUri)) throw new HttpRequestException("Not a target.");
        request.Headers.UserAgent.ParseAdd("Gatehouse");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        var buffer = new byte[maxBytes + 1];
        var read = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            while (read < buffer.Length && await body.ReadAsync(buffer.AsMemory(read), ct) is > 0 and var more) read += more;
        }
        catch (IOException e)
        {
            throw new HttpRequestException("The answer broke off.", e);
        }
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, read > maxBytes ? null : buffer[..read]);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        Exception? last = null;
        foreach (var address in addresses)
        {
            if (!allowPrivate && !PublicAddress.Is(address)) continue;
            // To this very address, and not to the name once more.
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), ct);
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

    public void Dispose() => http.Dispose();
}
