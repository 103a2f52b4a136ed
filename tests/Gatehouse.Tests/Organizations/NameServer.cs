using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Organizations;

/// <summary>A name server on loopback that knows the texts a test gives it; what it sends can be spoiled first.</summary>
internal sealed class NameServer : IDisposable
{
    private readonly Socket udp;
    private readonly TcpListener tcp;
    private readonly CancellationTokenSource stop = new();

    internal NameServer()
    {
        udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(IPAddress.Loopback, PostgresCluster.FreePort()));
        Address = (IPEndPoint)udp.LocalEndPoint!;
        tcp = new TcpListener(Address);
        tcp.Start();
        _ = Task.Run(ServeUdpAsync);
        _ = Task.Run(ServeTcpAsync);
    }

    internal IPEndPoint Address { get; }
    internal ConcurrentDictionary<string, string[]> Texts { get; } = new(StringComparer.OrdinalIgnoreCase);
    internal ConcurrentQueue<(ushort Id, int Port)> Asked { get; } = new();

    /// <summary>What is sent by UDP for an answer, in order.</summary>
    internal Func<byte[], IReadOnlyList<byte[]>> Spoil { get; set; } = answer => [answer];
    internal bool Truncate { get; set; }

    /// <summary>An answer to this question with these texts.</summary>
    internal static byte[] Answer(ReadOnlySpan<byte> question, params string[] texts)
    {
        var end = 12;
        while (question[end] != 0) end += question[end] + 1;
        end += 5;
        using var message = new MemoryStream();
        message.Write(question[..2]);
        message.Write([0x81, 0x80, 0, 1, (byte)(texts.Length >> 8), (byte)texts.Length, 0, 0, 0, 0]);
        message.Write(question[12..end]);
        foreach (var text in texts)
        {
            var bytes = Encoding.ASCII.GetBytes(text);
            using var data = new MemoryStream();
            for (var at = 0; at == 0 || at < bytes.Length; at += 255)
            {
                var part = bytes.AsSpan(at, Math.Min(255, bytes.Length - at));
                data.WriteByte((byte)part.Length);
                data.Write(part);
            }
            message.Write([0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length]);
            message.Write(data.ToArray());
        }
        return message.ToArray();
    }

    private byte[] AnswerTo(ReadOnlySpan<byte> question)
    {
        var name = new StringBuilder();
        for (var at = 12; question[at] != 0; at += question[at] + 1) name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(question.Slice(at + 1, question[at])));
        return Answer(question, Texts.GetValueOrDefault(name.ToString()) ?? []);
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[2048];
        while (!stop.IsCancellationRequested)
        {
            var got = await udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), stop.Token);
            Asked.Enqueue((BinaryPrimitives.ReadUInt16BigEndian(buffer), ((IPEndPoint)got.RemoteEndPoint).Port));
            var answer = AnswerTo(buffer.AsSpan(0, got.ReceivedBytes));
            if (Truncate) answer[2] |= 0x02;
            foreach (var message in Spoil(answer)) await udp.SendToAsync(message, SocketFlags.None, got.RemoteEndPoint, stop.Token);
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            using var client = await tcp.AcceptTcpClientAsync(stop.Token);
            var stream = client.GetStream();
            var head = new byte[2];
            await stream.ReadExactlyAsync(head, stop.Token);
            var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
            await stream.ReadExactlyAsync(question, stop.Token);
            var answer = AnswerTo(question);
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)answer.Length);
            await stream.WriteAsync(head, stop.Token);
            await stream.WriteAsync(answer, stop.Token);
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        udp.Dispose();
        tcp.Dispose();
        stop.Dispose();
    }
}
