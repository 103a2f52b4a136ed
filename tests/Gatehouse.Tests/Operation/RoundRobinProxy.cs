using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Tests.Operation;

/// <summary>
/// The least a load balancer does: every request goes to the next server in turn, with the Host header as it came; a server that
/// refuses the connection is passed over. Nothing is sticky.
/// </summary>
internal sealed class RoundRobinProxy : IAsyncDisposable
{
    private static readonly string[] hop = ["Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Host"];
    private readonly WebApplication app;
    private readonly int[] backends;
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromSeconds(2) });
    private readonly int[] served;
    private int turn = -1;

    private RoundRobinProxy(WebApplication app, int[] backends) => (this.app, this.backends, served) = (app, backends, new int[backends.Length]);

    /// <summary>How many requests each backend answered.</summary>
    internal IReadOnlyList<int> Served => served;

    internal static async Task<RoundRobinProxy> StartAsync(int port, params int[] backends)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var proxy = new RoundRobinProxy(builder.Build(), backends);
        proxy.app.Run(proxy.ForwardAsync);
        await proxy.app.StartAsync();
        return proxy;
    }

    private async Task ForwardAsync(HttpContext http)
    {
        using var buffered = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffered, http.RequestAborted);
        var first = Interlocked.Increment(ref turn);
        for (var attempt = 0; ; attempt++)
        {
            var which = (first + attempt) % backends.Length;
            try
            {
                using var answer = await client.SendAsync(Copy(http.Request, backends[which], buffered.ToArray()), http.RequestAborted);
                Interlocked.Increment(ref served[which]);
                await ReturnAsync(http.Response, answer);
                return;
            }
            // The connection was refused: nothing was sent, so another server may have the request whatever its method.
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError && attempt < backends.Length - 1) { }
            catch (HttpRequestException e)
            {
                http.Response.StatusCode = StatusCodes.Status502BadGateway;
                await http.Response.WriteAsync(e.Message);
                return;
            }
        }
    }

    private static HttpRequestMessage Copy(HttpRequest request, int port, byte[] body)
    {
        var copy = new HttpRequestMessage(new HttpMethod(request.Method), new Uri($"http://127.0.0.1:{port}{request.Path.ToUriComponent()}{request.QueryString}")) { Content = body.Length > 0 ? new ByteArrayContent(body) : null };
        copy.Headers.Host = request.Host.Value;
        foreach (var (name, values) in request.Headers)
            if (!hop.Contains(name, StringComparer.OrdinalIgnoreCase) && !copy.Headers.TryAddWithoutValidation(name, values.ToArray())) copy.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        return copy;
    }

    private static async Task ReturnAsync(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (!hop.Contains(name, StringComparer.OrdinalIgnoreCase)) response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(response.Body);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        client.Dispose();
    }
}
