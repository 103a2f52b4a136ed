using System.Buffers;
using System.Text;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Http;

/// <summary>Reads the forms and queries that doors receive. The framework's own reader is lenient where we must not be.</summary>
public static class FormReader
{
    /// <summary>The most a request body of any kind may have, bytes.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Reads a form body once; asked again for the same request, answers the same.</summary>
    /// <returns>The fields, duplicates included; or <c>media_type_unsupported</c> (415), <c>body_too_large</c> (413), <c>form_malformed</c> (400).</returns>
    public static ValueTask<Result<FormValues, Problem>> ReadAsync(HttpContext http, CancellationToken ct) =>
        http.Features.Get<FormValues>() is { } known ? new(known) : ReadBodyAsync(http, ct);

    /// <returns>The query's fields, duplicates included; or <c>query_malformed</c> (400).</returns>
    public static Result<FormValues, Problem> ReadQuery(HttpContext http)
    {
        var query = http.Request.QueryString.Value;
        if (string.IsNullOrEmpty(query) || query.Length == 1) return FormValues.Empty;
        return FormText.TryParse(Encoding.UTF8.GetBytes(query, 1, query.Length - 1)) is { } values
            ? values
            : Problem.BadRequest("query_malformed", "The query is not well-formed: percent-encoded UTF-8 is expected.");
    }

    private static async ValueTask<Result<FormValues, Problem>> ReadBodyAsync(HttpContext http, CancellationToken ct)
    {
        if (!IsForm(http.Request.ContentType))
            return new Problem("media_type_unsupported", 415, "Send the form as application/x-www-form-urlencoded in UTF-8.");
        var pipe = http.Request.BodyReader;
        while (true)
        {
            // Kestrel throws BadHttpRequestException (413) for a body over the limit; chunked bodies are counted as they arrive.
            var read = await pipe.ReadAsync(ct);
            if (read.Buffer.Length > MaxBodyBytes)
            {
                pipe.AdvanceTo(read.Buffer.End);
                return new Problem("body_too_large", 413, $"A request body may have {MaxBodyBytes} bytes.");
            }
            if (!read.IsCompleted)
            {
                pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var values = Parse(read.Buffer);
            pipe.AdvanceTo(read.Buffer.End);
            if (values is null) return Problem.BadRequest("form_malformed", "The form is not well-formed: percent-encoded UTF-8 is expected.");
            http.Features.Set(values);
            return values;
        }
    }

    private static FormValues? Parse(ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment) return FormText.TryParse(body.FirstSpan);
        var whole = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(whole);
            return FormText.TryParse(whole.AsSpan(0, (int)body.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole, clearArray: true);
        }
    }

    private static bool IsForm(string? contentType)
    {
        // The one spelling that nearly everybody sends costs one comparison.
        if (string.Equals(contentType, "application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)) return true;
        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
