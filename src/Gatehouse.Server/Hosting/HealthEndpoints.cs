using System.Text.Json.Serialization;
using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Hosting;

/// <summary>
/// <c>GET /healthz</c>: the process is alive; restart it when this fails. <c>GET /readyz</c>: it can do its work; send it no requests
/// while this answers 503. What is wrong is named, never why: the reason is in the log.
/// </summary>
internal static class HealthEndpoints
{
    private const string AlivePath = "/healthz", ReadyPath = "/readyz";

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(AlivePath, Alive).AllowNoTenant().ExcludeFromDescription();
        app.MapGet(ReadyPath, ReadyAsync).AllowNoTenant().ExcludeFromDescription();
    }

    internal static bool Own(PathString path) => path == AlivePath || path == ReadyPath;

    internal static JsonHttpResult<HealthAnswer> Alive() => TypedResults.Json(new HealthAnswer("alive", null), HealthJson.Default.HealthAnswer);

    internal static async Task<JsonHttpResult<HealthAnswer>> ReadyAsync(HttpContext http, Readiness readiness)
    {
        http.Response.Headers.CacheControl = "no-store";
        var checks = await readiness.CheckAsync(http.RequestAborted);
        var ready = checks.All(c => c.Problem is null);
        return TypedResults.Json(new HealthAnswer(ready ? "ready" : "not_ready", checks.ToDictionary(c => c.Name, c => c.Problem ?? "ok", StringComparer.Ordinal)),
            HealthJson.Default.HealthAnswer, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, string>? Checks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
