using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Tests.Credentials;

/// <summary>A service of Have I Been Pwned's shape on a loopback port, that knows what a test tells it and answers as badly as the test wishes.</summary>
internal sealed class RangeServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task loop;

    internal RangeServer()
    {
        listener.Start();
        loop = Task.Run(AcceptAsync);
    }

    internal string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/range/";

    /// <summary>The heads of the requests that arrived.</summary>
    internal ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Lines of the answer before its usual ones; the suffix of a password with its count, for example.</summary>
    internal ConcurrentDictionary<string, long> Known { get; } = [];

    /// <summary>Answers instead; null: as it should.</summary>
    internal Func<string, Task<string>>? Instead { get; set; }

    internal static string Ok(string body, string more = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}Connection: close\r\n\r\n{body}";

    internal static string HashOf(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));

    private async Task AcceptAsync()
    {
        try
        {
            for (;;) _ = AnswerAsync(await listener.AcceptTcpClientAsync(end.Token));
        }
        catch (Exception e) when (end.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        var stream = connection.GetStream();
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, end.Token);
            if (read == 0) return;
            head.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        Requests.Enqueue(head.ToString());
        var prefix = head.ToString().Split(' ')[1][^5..];
        var answer = Instead is { } instead ? await instead(prefix) : Ok(Body(prefix));
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), end.Token);
        await stream.FlushAsync(end.Token);
    }

    private string Body(string prefix)
    {
        var body = new StringBuilder();
        foreach (var (password, count) in Known)
            if (HashOf(password).StartsWith(prefix, StringComparison.Ordinal)) body.Append(HashOf(password)[5..]).Append(':').Append(count).Append("\r\n");
        body.Append(new string('1', 35)).Append(":3\r\n").Append(new string('F', 35)).Append(":0");
        return body.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await loop;
        end.Dispose();
    }
}
