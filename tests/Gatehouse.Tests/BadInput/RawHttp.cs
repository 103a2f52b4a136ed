using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Tests.BadInput;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    internal string? this[string name] => Headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>
/// Sends exactly these bytes and nothing that a well-behaved library would correct: HTTP/1.1 over one connection per request, Latin-1 so
/// that every byte from 0 to 255 can be said.
/// </summary>
internal static class RawHttp
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20) * Eventually.Patience;

    /// <param name="head">Request line and headers, without the empty line; <c>Connection: close</c> is added.</param>
    internal static async Task<RawAnswer> SendAsync(Uri server, string head, byte[]? body = null)
    {
        using var patience = new CancellationTokenSource(Limit);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, patience.Token);
        await using var stream = new NetworkStream(socket);
        using var received = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "\r\nConnection: close\r\n\r\n"), patience.Token);
            if (body is not null) await stream.WriteAsync(body, patience.Token);
            await stream.CopyToAsync(received, patience.Token);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // A server that has refused the beginning closes without reading the rest; what it said may have arrived all the same.
            try { await stream.CopyToAsync(received, patience.Token); }
            catch (Exception again) when (again is IOException or SocketException) { }
        }
        return Parse(received.ToArray());
    }

    private static RawAnswer Parse(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        // Kestrel closes without a word where the request is not HTTP at all.
        if (text.Length == 0) return new(0, [], "");
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text[..end].Split("\r\n");
        var headers = lines[1..].Select(l => (l[..l.IndexOf(':')], l[(l.IndexOf(':') + 1)..].Trim())).ToArray();
        var body = bytes.AsMemory(end + 4);
        return new(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, Encoding.UTF8.GetString(body.Span));
    }
}
