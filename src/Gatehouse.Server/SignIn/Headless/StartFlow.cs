using Gatehouse.Http;
using Gatehouse.Protocols.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn.Headless;

/// <summary><c>POST /flows/v1/start</c>: an authorization request of an application that shows its own pages.</summary>
internal static class StartFlow
{
    /// <summary>The parameters of an authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), without redirect URI and state.</summary>
    /// <param name="ClientSecret">Of a confidential client; or in the Authorization header.</param>
    /// <param name="CodeChallenge">PKCE, always.</param>
    /// <param name="Resource">RFC 8707; at most one here.</param>
    internal sealed record Request(string? ClientId, string? ClientSecret, string? Scope, string? CodeChallenge, string? CodeChallengeMethod, string? Nonce, string? Resource,
        string? LoginHint, string? UiLocales, string? AcrValues, string? Claims, string? MaxAge, string? Prompt, string? IdTokenHint);

    internal static void Map(IEndpointRouteBuilder flows) => flows.MapPost("/start", HandleAsync).WithName("flows.start").WithSummary("Begin a sign-in without pages");

    /// <returns>200 with the open steps; 400 <c>invalid_request</c>, <c>redirect_to_web</c>; 401 <c>invalid_client</c>; 429.</returns>
    internal static async Task<Results<Ok<FlowDocument>, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant, HeadlessRuns runs, CancellationToken ct)
    {
        KeyValuePair<string, string>[] parameters =
        [
            new("client_id", request.ClientId ?? ""), new("client_secret", request.ClientSecret ?? ""), new("scope", request.Scope ?? ""),
            new("code_challenge", request.CodeChallenge ?? ""), new("code_challenge_method", request.CodeChallengeMethod ?? ""), new("nonce", request.Nonce ?? ""),
            new("resource", request.Resource ?? ""), new("login_hint", request.LoginHint ?? ""), new("ui_locales", request.UiLocales ?? ""),
            new("acr_values", request.AcrValues ?? ""), new("claims", request.Claims ?? ""), new("max_age", request.MaxAge ?? ""), new("prompt", request.Prompt ?? ""),
            new("id_token_hint", request.IdTokenHint ?? ""),
        ];
        return FlowResult.Of(http, await runs.StartAsync(http, tenant, FormParameters.Of(parameters), ct));
    }
}
