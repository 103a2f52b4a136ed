using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Http;

/// <summary>Reads a small body whole and puts it back for the handler.</summary>
internal static class RequestBody
{
    /// <summary>The most any management request may carry; Hosting refuses more before it comes here.</summary>
    internal const int MaxBytes = 64 * 1024;

    /// <summary>
    /// Has the body in memory before the framework's JSON binding sees it. When the process is told to stop, Kestrel wakes every pending read as
    /// cancelled; binding would take that for a failure and the request, which is still under way, would end in a 500.
    /// </summary>
    internal static async ValueTask BufferAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }) await ReadAsync(http.Request, http.RequestAborted);
    }

    /// <exception cref="BadHttpRequestException">413: longer than allowed.</exception>
    internal static async ValueTask<byte[]> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var pipe = request.BodyReader;
        while (true)
        {
            var read = await pipe.ReadAsync(ct);
            if (read.Buffer.Length > MaxBytes)
            {
                pipe.AdvanceTo(read.Buffer.End);
                throw new BadHttpRequestException("The body is longer than 64 KiB.", StatusCodes.Status413PayloadTooLarge);
            }
            if (!read.IsCompleted)
            {
                pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var bytes = read.Buffer.ToArray();
            pipe.AdvanceTo(read.Buffer.End);
            request.Body = new MemoryStream(bytes, writable: false);
            return bytes;
        }
    }
}
