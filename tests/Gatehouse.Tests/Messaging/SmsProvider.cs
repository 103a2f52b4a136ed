using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Tests.Messaging;

/// <summary>A request as a provider of text messages got it.</summary>
internal sealed record SmsRequest(string Line, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Just enough HTTP/1.1 to be a provider of text messages: keeps what it is sent, answers what it is told to.</summary>
internal sealed class SmsProvider : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    internal SmsProvider()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    internal string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    internal (int Status, string Body) Answer { get; set; } = (201, """{"sid":"SM1","status":"queued","error_code":null}""");
    internal ConcurrentQueue<SmsRequest> Requests { get; } = [];

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (OperationCanceledException) { }      // the test is over
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = await reader.ReadLineAsync() ?? "";
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } header) headers[header[..header.IndexOf(':')]] = header[(header.IndexOf(':') + 1)..].Trim();
        var body = new StringBuilder();
        var length = headers.TryGetValue("Content-Length", out var said) ? int.Parse(said) : 0;
        var buffer = new char[4096];
        while (Encoding.UTF8.GetByteCount(body.ToString()) < length && await reader.ReadAsync(buffer) is > 0 and var read) body.Append(buffer, 0, read);
        Requests.Enqueue(new(line, headers, body.ToString()));
        var (status, text) = Answer;
        var location = status is >= 300 and < 400 ? "Location: /elsewhere\r\n" : "";
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status} x\r\n{location}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}"));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }
}
