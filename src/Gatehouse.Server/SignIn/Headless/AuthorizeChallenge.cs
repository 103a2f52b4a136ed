using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn.Headless;

/// <summary>
/// <c>POST /oauth2/authorize-challenge</c>: the same runs in the form of draft-ietf-oauth-first-party-apps §5. The first request is an authorization
/// request; further ones carry <c>auth_session</c>, <c>client_id</c>, <c>step</c> and the step's values. Every answer but the code is an error of
/// OAuth's form; <c>insufficient_authorization</c> says which steps are open.
/// </summary>
internal static class AuthorizeChallenge
{
    internal const string Path = "/oauth2/authorize-challenge";
    private static readonly string[] ours = ["auth_session", "client_id", "client_secret", "step"];

    internal static void Map(IEndpointRouteBuilder pages) =>
        pages.MapPost(Path, HandleAsync).WithName("flows.authorize_challenge").WithSummary("Begin or go on in the form of OAuth 2.0 for First-Party Applications").Produces<FlowDocument>();

    /// <returns>
    /// 200 with the code; 400 <c>insufficient_authorization</c>, <c>invalid_session</c>, <c>invalid_request</c>, <c>invalid_scope</c>, <c>invalid_target</c>,
    /// <c>unauthorized_client</c>, <c>redirect_to_web</c>, <c>unmet_authentication_requirements</c>; 401 <c>invalid_client</c>; 403 <c>registration_closed</c>; 413 <c>invalid_request</c>;
    /// 415 <c>invalid_request</c>; 429 <c>invalid_client</c>, <c>temporarily_unavailable</c>.
    /// </returns>
    private static async Task<IResult> HandleAsync(HttpContext http, TenantContext tenant, HeadlessRuns runs, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!(await FormReader.ReadAsync(http, ct)).TryGet(out var fields, out var unreadable)) return Error(new("invalid_request", unreadable.Detail, unreadable.Status), null);
        if (fields.FirstDuplicate([]) is { } repeated) return Error(new("invalid_request", $"{repeated} occurs more than once.", 400), null);
        var parameters = FormParameters.Of(fields.Fields);
        if (parameters["auth_session"] is not { } session) return Answer(await runs.StartAsync(http, tenant, parameters, ct));

        // §5.1: the session belongs to the client that began it.
        if (await runs.ClientOfAsync(tenant, session, ct) is not { } client || client.ToString() != parameters["client_id"])
            return Error(new("invalid_session", "The run has ended or expired, or is another client's.", 400), null);
        if (parameters["step"] is not { } step) return Answer(await runs.CurrentAsync(http, tenant, session, ct));
        Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
        foreach (var (name, value) in fields.Fields)
            if (!ours.Contains(name, StringComparer.Ordinal)) values[name] = JsonElement.Parse(JsonValue.Create(value)!.ToJsonString());
        return Answer(await runs.SubmitAsync(http, tenant, session, step, values, ct));
    }

    private static IResult Answer(Result<FlowDocument, FlowRefusal> result)
    {
        if (!result.TryGet(out var document, out var refused))
            return refused.Flow is { } flow ? Error(new("insufficient_authorization", $"{refused.Code}: {refused.Detail}", 400), flow) : Error(refused, null);
        return document.State == "completed"
            ? Results.Json(document, SignInJson.Default.FlowDocument)
            : Error(new("insufficient_authorization", "Answer one of the steps.", 400), document);
    }

    private static IResult Error(FlowRefusal refused, FlowDocument? flow) =>
        Results.Json(new ChallengeError(refused.Code, refused.Detail, flow?.AuthSession, flow?.ExpiresAt, flow?.Steps), SignInJson.Default.ChallengeError, statusCode: refused.Status);
}

/// <summary>draft §5.2.2.</summary>
internal sealed record ChallengeError(string Error, string ErrorDescription, string? AuthSession, DateTimeOffset? ExpiresAt, IReadOnlyList<StepDocument>? Steps);
