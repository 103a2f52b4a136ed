using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>
/// Refuses paths and queries that are not percent-encoded UTF-8, or that hold NUL, before anything reads them: the framework would
/// quietly replace or keep the bad bytes, and two readers could see two values.
/// </summary>
public sealed class QueryCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        // The query must parse as a whole; most requests have none. Kestrel leaves "%" in a decoded path only where the bytes were not UTF-8
        // or the sign was escaped itself, and no path of ours has one.
        if (http.Request.Path.Value is { } path && (path.Contains('%') || path.Contains('\uFFFD')))
            return PlainPage.AnswerAsync(http, Problem.BadRequest("path_malformed", "The path is not well-formed: percent-encoded UTF-8 is expected."), "Not an address we understand");
        if (!http.Request.QueryString.HasValue || FormReader.ReadQuery(http).TryGet(out _, out var problem)) return next(http);
        return PlainPage.AnswerAsync(http, problem, "Not an address we understand");
    }
}
