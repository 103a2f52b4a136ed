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
    /// <param name="ClientId">A client with <c>first_party</c> and <c>headless</c>.</param>
    /// <param name="ClientSecret">Of a confidential client; or in the Authorization header.</param>
    /// <param name="Scope">Scope names, separated by single spaces.</param>
    /// <param name="CodeChallenge">PKCE, always: SHA-256 of the verifier, base64url.</param>
    /// <param name="CodeChallengeMethod"><c>S256</c>.</param>
    /// <param name="Nonce">Comes back in the ID token.</param>
    /// <param name="Resource">RFC 8707; at most one here.</param>
    /// <param name="LoginHint">What may stand in the first field.</param>
    /// <param name="UiLocales">Languages, the best first, separated by spaces.</param>
    /// <param name="AcrValues">Levels that will do, the best first, separated by spaces.</param>
    /// <param name="Claims">OpenID Connect Core §5.5, as JSON text; only <c>acr</c> is acted upon.</param>
    /// <param name="MaxAge">Seconds; every sign-in here is a new one.</param>
    /// <param name="Prompt"><c>create</c> begins with registration; <c>login</c> and <c>select_account</c> are what every sign-in here is; <c>consent</c> needs a page.</param>
    /// <param name="IdTokenHint">An ID token of the only person who will do.</param>
    /// <param name="Device">What this device was given before, or <c>new</c> to be given one at the end; anything else counts as <c>new</c>.</param>
    internal sealed record Request(string? ClientId, string? ClientSecret, string? Scope, string? CodeChallenge, string? CodeChallengeMethod, string? Nonce, string? Resource,
        string? LoginHint, string? UiLocales, string? AcrValues, string? Claims, string? MaxAge, string? Prompt, string? IdTokenHint, string? Device);

    internal static void Map(IEndpointRouteBuilder flows) => flows.MapPost("/start", HandleAsync).WithName("flows.start").WithSummary("Begin a sign-in without pages");

    /// <returns>
    /// 200 with the open steps; 400 <c>invalid_request</c>, <c>invalid_scope</c>, <c>invalid_target</c>, <c>unauthorized_client</c>, <c>redirect_to_web</c>; 401 <c>invalid_client</c>; 403 <c>registration_closed</c>;
    /// 429 <c>invalid_client</c>, <c>temporarily_unavailable</c>.
    /// </returns>
    internal static async Task<Results<Ok<FlowDocument>, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant, HeadlessRuns runs, CancellationToken ct)
    {
        KeyValuePair<string, string>[] parameters =
        [
            new("client_id", request.ClientId ?? ""), new("client_secret", request.ClientSecret ?? ""), new("scope", request.Scope ?? ""),
            new("code_challenge", request.CodeChallenge ?? ""), new("code_challenge_method", request.CodeChallengeMethod ?? ""), new("nonce", request.Nonce ?? ""),
            new("resource", request.Resource ?? ""), new("login_hint", request.LoginHint ?? ""), new("ui_locales", request.UiLocales ?? ""),
            new("acr_values", request.AcrValues ?? ""), new("claims", request.Claims ?? ""), new("max_age", request.MaxAge ?? ""), new("prompt", request.Prompt ?? ""),
            new("id_token_hint", request.IdTokenHint ?? ""), new("device", request.Device ?? ""),
        ];
        return FlowResult.Of(http, await runs.StartAsync(http, tenant, FormParameters.Of(parameters), ct));
    }
}
