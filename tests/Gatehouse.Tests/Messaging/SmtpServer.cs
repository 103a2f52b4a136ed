using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Tests.Messaging;

/// <summary>Just enough of RFC 5321 to take a message from our client, and to refuse one when told to.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    internal SmtpServer()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The answer to RCPT TO; 250 accepts.</summary>
    internal string Answer { get; set; } = "250 ok";
    internal ConcurrentQueue<string> Messages { get; } = [];
    internal int Attempts;

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
        async Task Say(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        await Say("220 test");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("EHLO", StringComparison.Ordinal)) await Say("250-test\r\n250-SMTPUTF8\r\n250 8BITMIME");
            else if (line.StartsWith("RCPT", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref Attempts);
                await Say(Answer);
            }
            else if (line == "DATA")
            {
                await Say("354 go on");
                var message = new StringBuilder();
                while (await reader.ReadLineAsync() is { } part && part != ".") message.Append(part).Append('\n');
                Messages.Enqueue(message.ToString());
                await Say("250 ok");
            }
            else if (line == "QUIT")
            {
                await Say("221 bye");
                return;
            }
            else await Say("250 ok");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }
}
