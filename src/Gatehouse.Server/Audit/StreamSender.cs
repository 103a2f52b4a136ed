using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Http;

namespace Gatehouse.Audit;

/// <summary>Hands a batch over and knows that it was taken, or says why not.</summary>
internal sealed class StreamSender(OutgoingHttp http, OutgoingSockets sockets)
{
    private const int MaxAnswer = 4096;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(15);

    /// <returns>Null when it was taken; otherwise a sentence for the tenant's administrators.</returns>
    internal async Task<string?> SendAsync(AuditStream stream, string? token, IReadOnlyList<byte[]> messages, long first, long last, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            return stream.Kind == AuditStream.Http ? await PostAsync(stream, token, messages, first, last, limit.Token) : await SyslogAsync(stream, messages, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "No answer within 15 seconds.";
        }
        catch (AuthenticationException)
        {
            return "The certificate is not one that is trusted for this name.";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            return e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? "The certificate is not one that is trusted for this name." : "It cannot be reached: nobody answers there, the connection broke, or the name leads to no public address.";
        }
    }

    private async Task<string?> PostAsync(AuditStream stream, string? token, IReadOnlyList<byte[]> messages, long first, long last, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, stream.Address) { Content = new ByteArrayContent([.. messages.SelectMany(m => m)]) };
        request.Content.Headers.ContentType = new("application/x-ndjson");
        // The same for a batch that is sent again: a collector may drop what it has.
        request.Headers.Add("X-Gatehouse-Places", $"{first}-{last}");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var (status, _, _) = await http.SendAsync(request, MaxAnswer, ct);
        return (int)status is >= 200 and < 300 ? null : $"It answered {(int)status}.";
    }

    /// <summary>
    /// Syslog has no acknowledgement. Closing our side and waiting until the receiver closes its own says as much as can be had: it has read to
    /// the end. A broken connection, or one that stays open, counts as not taken.                             RFC 5425 §4.4
    /// </summary>
    private async Task<string?> SyslogAsync(AuditStream stream, IReadOnlyList<byte[]> messages, CancellationToken ct)
    {
        var (host, port) = StreamAddress.Parse(stream.Address) ?? throw new InvalidOperationException("A stream has an address that is none.");
        await using var network = await sockets.ConnectAsync(host, port, ct);
        if (!stream.Tls)
        {
            await WriteAsync(network, messages, ct);
        }
        else
        {
            await using var tls = new SslStream(network, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsClientAsync(Options(host, stream.Ca), ct);
            await WriteAsync(tls, messages, ct);
            await tls.ShutdownAsync();
            network.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            return await ClosesAsync(network, ct);
        }
        network.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        return await ClosesAsync(network, ct);
    }

    private static async Task WriteAsync(Stream output, IReadOnlyList<byte[]> messages, CancellationToken ct)
    {
        await output.WriteAsync(messages.SelectMany(m => m).ToArray(), ct);
        await output.FlushAsync(ct);
    }

    /// <summary>Reads what is left of the receiver's side (its own goodbye) until it ends. Nothing of it is looked at.</summary>
    private static async Task<string?> ClosesAsync(Stream network, CancellationToken ct)
    {
        var rest = new byte[512];
        for (var read = 0; read < 64; read++)
            if (await network.ReadAsync(rest, ct) == 0) return null;
        return "It does not close the connection after ours, so what it took cannot be told.";
    }

    private static SslClientAuthenticationOptions Options(string host, string? ca)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        if (ca is null) return options;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(ca);
        options.CertificateChainPolicy = policy;
        return options;
    }
}
