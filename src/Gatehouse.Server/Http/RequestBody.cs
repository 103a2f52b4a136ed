using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Http;

/// <summary>Metadata of an endpoint whose body may be longer than the usual 64 KiB: a bulk operation.</summary>
public sealed record BodyLimit(int Bytes);

/// <summary>Reads a small body whole and puts it back for the handler.</summary>
public static class RequestBody
{
    /// <summary>The most a management request may carry unless its endpoint says <see cref="BodyLimit"/>; Hosting refuses more before it comes here.</summary>
    internal const int MaxBytes = 64 * 1024;

    /// <summary>
    /// Has the body in memory before the framework's JSON binding sees it. When the process is told to stop, Kestrel wakes every pending read as
    /// cancelled; binding would take that for a failure and the request, which is still under way, would end in a 500.
    /// </summary>
    internal static async ValueTask BufferAsync(HttpContext http, int limit)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }) return;
        // The server's own limit is for everybody; only whoever was let in to an endpoint that takes more comes here.
        if (limit > MaxBytes && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        await ReadAsync(http.Request, limit, http.RequestAborted);
    }

    /// <exception cref="BadHttpRequestException">413: longer than allowed.</exception>
    public static async ValueTask<byte[]> ReadAsync(HttpRequest request, int limit, CancellationToken ct)
    {
        // Read before: a body is read once.
        if (request.Body is MemoryStream buffered && buffered.TryGetBuffer(out var whole)) return whole.ToArray();
        var pipe = request.BodyReader;
        while (true)
        {
            var read = await pipe.ReadAsync(ct);
            if (read.Buffer.Length > limit)
            {
                pipe.AdvanceTo(read.Buffer.End);
                throw new BadHttpRequestException($"The body is longer than {limit / 1024} KiB.", StatusCodes.Status413PayloadTooLarge);
            }
            if (!read.IsCompleted)
            {
                pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var bytes = read.Buffer.ToArray();
            pipe.AdvanceTo(read.Buffer.End);
            request.Body = new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
            return bytes;
        }
    }
}
