using System.Text.Json;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Http;

/// <summary>
/// What every endpoint under <c>/api/v1</c> and <c>/account/v1</c> shares, wrapped around the finished endpoint so that no handler can forget it. From outside in:
/// who calls (added by Authorization), problems for requests that could not be bound, idempotency.
/// </summary>
public static class ApiConventions
{
    /// <summary>Wraps every endpoint of a group, those mapped later too. What is added later stands further out.</summary>
    /// <param name="wrap">Gets the endpoint under construction, with its final metadata, and what it does so far.</param>
    public static void WrapEndpoints(this IEndpointRouteBuilder group, Func<EndpointBuilder, RequestDelegate, RequestDelegate> wrap)
    {
        if (group is not IEndpointConventionBuilder conventions) throw new ArgumentException("Endpoints are wrapped by their route group.", nameof(group));
        conventions.Finally(endpoint => { if (endpoint.RequestDelegate is { } inner) endpoint.RequestDelegate = wrap(endpoint, inner); });
    }

    /// <summary>For the group of an API, before its endpoints are guarded: the guard stands outside of these.</summary>
    public static void Apply(IEndpointRouteBuilder api)
    {
        var idempotency = api.ServiceProvider.GetRequiredService<Idempotency>();
        api.WrapEndpoints((endpoint, inner) => endpoint.Metadata.OfType<IdempotentEndpoint>().Any() ? http => idempotency.RunAsync(http, inner) : inner);
        api.WrapEndpoints((endpoint, inner) => endpoint.Metadata.OfType<SelectableFields>().Any() ? http => FieldSelection.RunAsync(http, inner) : inner);
        api.WrapEndpoints((endpoint, inner) =>
        {
            var limit = endpoint.Metadata.OfType<BodyLimit>().LastOrDefault()?.Bytes ?? RequestBody.MaxBytes;
            return http => ExplainAsync(http, inner, limit);
        });
    }

    /// <summary>Gives a body to what the framework refuses before the handler: unreadable JSON, a wrong media type, too much of either.</summary>
    private static async Task ExplainAsync(HttpContext http, RequestDelegate inner, int limit)
    {
        try
        {
            await RequestBody.BufferAsync(http, limit);
            await inner(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            SecurityHeaders.StartAnew(http);
            await Explain(e.StatusCode, e.InnerException as JsonException, limit).ToHttp().ExecuteAsync(http);
            return;
        }
        var response = http.Response;
        if (!response.HasStarted && response.StatusCode is 400 or 413 or 415 && response.ContentType is null && response.ContentLength is null)
            await Explain(response.StatusCode, null, limit).ToHttp().ExecuteAsync(http);
    }

    private static Problem Explain(int status, JsonException? json, int limit) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => new("body_too_large", 413, $"This request's body has at most {limit / 1024} KiB."),
        StatusCodes.Status415UnsupportedMediaType => new("media_type_unsupported", 415, "Send the body as application/json (a PATCH may be application/merge-patch+json)."),
        _ => Problem.BadRequest("body_invalid", "The body is not the JSON that this operation takes: a member is missing, unknown, named twice or of another type.", Member(json)),
    };

    /// <summary>The first member of the path at which reading stopped: <c>$.redirect_uris[0]</c> is <c>redirect_uris</c>.</summary>
    private static string? Member(JsonException? json)
    {
        if (json?.Path is not { Length: > 2 } path || !path.StartsWith("$.", StringComparison.Ordinal)) return null;
        var end = path.AsSpan(2).IndexOfAny('.', '[');
        return end < 0 ? path[2..] : path.Substring(2, end);
    }
}
