using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Http;

/// <summary>
/// Refuses paths and queries that are not percent-encoded UTF-8, or that hold NUL, before anything reads them: the framework would
/// quietly replace or keep the bad bytes, and two readers could see two values. And JSON that says it is in another charset (RFC 8259 §8.1 knows none),
/// for which the framework's binding throws when it does not know the name.
/// </summary>
public sealed class QueryCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        // The query must parse as a whole; most requests have none. Kestrel leaves "%" in a decoded path only where the bytes were not UTF-8
        // or the sign was escaped itself, and no path of ours has one.
        if (http.Request.Path.Value is { } path && (path.Contains('%') || path.Contains('\uFFFD')))
            return PlainPage.AnswerAsync(http, Problem.BadRequest("path_malformed", "The path is not well-formed: percent-encoded UTF-8 is expected."), "Not an address we understand");
        if (!IsUnicode(http.Request))
            return PlainPage.AnswerAsync(http, new Problem("media_type_unsupported", 415, "Send JSON as UTF-8, without another charset."), "Not a type we read");
        if (!http.Request.QueryString.HasValue || FormReader.ReadQuery(http).TryGet(out _, out var problem)) return next(http);
        return PlainPage.AnswerAsync(http, problem, "Not an address we understand");
    }

    private static bool IsUnicode(HttpRequest request)
    {
        if (request.ContentType is not { } text || !text.Contains("charset", StringComparison.OrdinalIgnoreCase) || !MediaTypeHeaderValue.TryParse(text, out var type)) return true;
        if (!type.Charset.HasValue || !type.MediaType.Value!.Contains("json", StringComparison.OrdinalIgnoreCase)) return true;
        if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return false;
        // In quotes (RFC 9110 §5.6.6) the framework does not know the name.
        request.ContentType = type.MediaType.Value;
        return true;
    }
}
