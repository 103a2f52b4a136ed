using System.Net;
using System.Text;

namespace Gatehouse.Messaging;

/// <summary>
/// Requests to providers of text messages. Redirects are not followed: a secret goes where the operator said and nowhere else. Answers are
/// read as far as a reason can be expected in them, and one that cannot be read takes nothing back from a message that was accepted.
/// </summary>
internal sealed class SmsConnection : IDisposable
{
    private const int MaxAnswer = 16 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 8,
    })
    { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    /// <returns>Null where no answer came; the reason says why.</returns>
    internal async Task<(HttpStatusCode? Status, string Answer)> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Timeout);
        try
        {
            request.Headers.UserAgent.ParseAdd("Gatehouse");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return (response.StatusCode, await ReadAsync(response, limit.Token));
        }
        catch (Exception e) when (e is HttpRequestException || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return (null, e is HttpRequestException { HttpRequestError: var kind } ? $"no answer: {kind}" : "no answer in time");
        }
    }

    /// <summary>What an answer without a meaning of its own means: a fault of theirs or of our configuration may pass, a refusal does not.</summary>
    internal static Delivery Meaning(HttpStatusCode status) => status switch
    {
        >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => Delivery.Sent,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => Delivery.Later,
        _ => Delivery.Refused,
    };

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var buffer = new byte[MaxAnswer];
        var read = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            while (read < buffer.Length && await body.ReadAsync(buffer.AsMemory(read), ct) is > 0 and var more) read += more;
        }
        catch (Exception e) when (e is IOException or HttpRequestException || e is OperationCanceledException && response.IsSuccessStatusCode)
        {
            return "";      // the status has said it
        }
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    public void Dispose() => http.Dispose();
}
