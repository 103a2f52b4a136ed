using System.Net;

namespace Gatehouse.Http;

/// <summary>
/// Requests to addresses that a tenant has written, who must not reach through this server what only this server can reach. Connected by
/// <see cref="OutgoingSockets"/>, so that a name which changes its mind (DNS rebinding) gains nothing. No redirects, cookies or proxies; answers are
/// read up to a limit.
/// </summary>
public sealed class OutgoingHttp : IDisposable
{
    private const int MaxConnectionsPerServer = 32;
    private readonly HttpClient http;

    public OutgoingHttp(OutgoingSockets sockets)
    {
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxConnectionsPerServer = MaxConnectionsPerServer, MaxResponseHeadersLength = 16, MaxResponseDrainSize = 0,
            // No trace's id belongs with a stranger.
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, ct) => await sockets.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct),
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

    public void Dispose() => http.Dispose();
}
