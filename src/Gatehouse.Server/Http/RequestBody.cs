using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>Reads a small body whole and puts it back for the handler.</summary>
internal static class RequestBody
{
    /// <summary>The most any management request may carry; Hosting refuses more before it comes here.</summary>
    internal const int MaxBytes = 64 * 1024;

    /// <exception cref="BadHttpRequestException">413: longer than allowed.</exception>
    internal static async ValueTask<byte[]> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var whole = new MemoryStream();
        var part = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(part, ct)) > 0)
        {
            if (whole.Length + read > MaxBytes) throw new BadHttpRequestException("The body is longer than 64 KiB.", StatusCodes.Status413PayloadTooLarge);
            whole.Write(part, 0, read);
        }
        var bytes = whole.ToArray();
        request.Body = new MemoryStream(bytes, writable: false);
        return bytes;
    }
}
