using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Http;

/// <summary>
/// Gives every request an id: the caller's <c>X-Request-Id</c> where it is well-formed, else a new one. It is in the response, in every
/// log line and in the audit. A malformed one is replaced, never echoed: it would be a way to write into logs.
/// </summary>
public sealed class RequestIds(RequestDelegate next, TimeProvider clock, ILogger<RequestIds> log)
{
    public const string Header = "X-Request-Id";
    private const int MaxLength = 64;

    public async Task InvokeAsync(HttpContext http)
    {
        var offered = http.Request.Headers[Header];
        var id = offered.Count == 1 && IsWellFormed(offered[0]) ? offered[0]! : Base32.Encode(Guid.CreateVersion7(clock.GetUtcNow()));
        http.TraceIdentifier = id;
        http.Response.Headers[Header] = id;
        using (log.BeginScope(new RequestScope(http))) await next(http);
    }

    private static bool IsWellFormed(string? text)
    {
        if (text is null || text.Length is < 1 or > MaxLength) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        return true;
    }
}
