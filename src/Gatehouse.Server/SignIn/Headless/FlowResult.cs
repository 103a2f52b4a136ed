using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.SignIn.Headless;

/// <summary>The answers of <c>/flows/v1</c>: a document, or a problem (RFC 9457) that says what may be answered now.</summary>
internal static class FlowResult
{
    internal static Results<Ok<FlowDocument>, ProblemHttpResult> Of(HttpContext http, Result<FlowDocument, FlowRefusal> result)
    {
        // Codes, keys and secrets: nobody keeps them on the way.
        http.Response.Headers.CacheControl = "no-store";
        if (result.TryGet(out var document, out var refused)) return TypedResults.Ok(document);
        Dictionary<string, object?> extensions = new(StringComparer.Ordinal) { ["code"] = refused.Code };
        if (refused.Step is not null) extensions["step"] = refused.Step;
        if (refused.Flow is not null) extensions["flow"] = refused.Flow;
        if (refused.Errors is { } errors) extensions["errors"] = errors.ToArray();
        return TypedResults.Problem(refused.Detail, statusCode: refused.Status, type: $"urn:gatehouse:problem:{refused.Code}", extensions: extensions);
    }
}
