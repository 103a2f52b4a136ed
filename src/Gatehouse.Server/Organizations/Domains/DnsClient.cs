using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Dns;
using Microsoft.Extensions.Options;

namespace Gatehouse.Organizations.Domains;

/// <summary>Where TXT records are looked up: a seam for installations whose names are known elsewhere.</summary>
public interface IDomainResolver
{
    /// <returns>The texts at the name; or why they could not be found out, which is not the same as none.</returns>
    ValueTask<Result<string[], string>> FindTextsAsync(string name, CancellationToken ct);
}

/// <summary>
/// Asks one name server, by UDP and where the answer is too long by TCP. Each question has a random id and leaves from a port of its own, and only that server's
/// answers are heard: who cannot see the question can hardly forge its answer (RFC 5452).
/// </summary>
internal sealed class DnsClient(IOptions<DomainOptions> options) : IDomainResolver
{
    private const int Tries = 3, MaxTcpBytes = 65_535;
    private static readonly TimeSpan wait = TimeSpan.FromSeconds(2);
    private readonly IPEndPoint? server = Find(options.Value.NameServer);

    public async ValueTask<Result<string[], string>> FindTextsAsync(string name, CancellationToken ct)
    {
        if (server is null) return "no name server is known";
        var last = "no answer in time";
        for (var i = 0; i < Tries; i++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(wait);
            try
            {
                if (!(await AskAsync(name, limit.Token)).TryGet(out var texts, out var why)) { last = why; continue; }
                return texts.Truncated ? await AskByTcpAsync(name, ct) : texts.Texts.ToArray();
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                last = e is SocketException ? "the name server cannot be reached" : "no answer in time";
            }
        }
        return last;
    }

    private async ValueTask<Result<DnsTexts, string>> AskAsync(string name, CancellationToken ct)
    {
        var id = NewId();
        // A socket of its own each time: the system gives it a random port. Connected: others' datagrams do not reach it.
        using var socket = new Socket(server!.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, ct);
        await socket.SendAsync(DnsText.Ask(name, id), ct);
        var buffer = new byte[4096];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, ct);
            // What is no answer to this question is left alone: a forged one must not keep out the right one that comes after it.
            var answer = DnsText.Read(buffer.AsSpan(0, length), name, id);
            if (answer.TryGet(out _, out var why) || why.StartsWith("the name server failed", StringComparison.Ordinal)) return answer;
        }
    }

    private async ValueTask<Result<string[], string>> AskByTcpAsync(string name, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(2 * wait);
        try
        {
            using var client = new TcpClient(server!.AddressFamily);
            await client.ConnectAsync(server, limit.Token);
            var id = NewId();
            var question = DnsText.Ask(name, id);
            var framed = new byte[question.Length + 2];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
            question.CopyTo(framed, 2);
            var stream = client.GetStream();
            await stream.WriteAsync(framed, limit.Token);
            var head = new byte[2];
            await stream.ReadExactlyAsync(head, limit.Token);
            var answer = new byte[Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(head), MaxTcpBytes)];
            await stream.ReadExactlyAsync(answer, limit.Token);
            return DnsText.Read(answer, name, id).TryGet(out var texts, out var why) ? texts.Texts.ToArray() : why;
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return "the name server did not answer by TCP";
        }
    }

    private static ushort NewId() => BinaryPrimitives.ReadUInt16LittleEndian(RandomNumberGenerator.GetBytes(2));

    private static IPEndPoint? Find(string configured)
    {
        if (configured.Length > 0)
            return IPEndPoint.TryParse(configured, out var named) ? new(named.Address, named.Port == 0 ? 53 : named.Port)
                : throw new StartupException($"Domains:NameServer: \"{configured}\" is no IP address, with or without a port.");
        const string known = "/etc/resolv.conf";
        if (!File.Exists(known)) return null;
        foreach (var line in File.ReadLines(known))
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var address, ..] && IPAddress.TryParse(address, out var found)) return new(found, 53);
        return null;
    }
}
