using System.Text.Json;
using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn.Headless;

/// <summary><c>POST /flows/v1/submit</c>: answers one of the open steps.</summary>
internal static class SubmitFlow
{
    /// <param name="AuthSession">The run's.</param>
    /// <param name="Step">One of the open ones, by name.</param>
    /// <param name="Values">As the step's schema says.</param>
    internal sealed record Request(string? AuthSession, string? Step, Dictionary<string, JsonElement>? Values);

    internal static void Map(IEndpointRouteBuilder flows) => flows.MapPost("/submit", HandleAsync).WithName("flows.submit").WithSummary("Answer an open step");

    /// <returns>
    /// 200 with the next steps or the code; 400 <c>invalid_session</c>, <c>redirect_to_web</c>, <c>unmet_authentication_requirements</c>; 403 <c>registration_closed</c>;
    /// 409 <c>step_not_open</c>, <c>email_taken</c>;
    /// 422 <c>member_unknown</c>, <c>member_invalid</c>, <c>values_invalid</c>, <c>email_invalid</c>, <c>password_missing</c>, <c>credentials_wrong</c>, <c>passkey_refused</c>, <c>wrong_account</c>,
    /// <c>code_missing</c>, <c>code_wrong</c>, <c>password_too_short</c>, <c>password_too_long</c>, <c>password_common</c>, <c>password_too_simple</c>, <c>password_invalid</c>,
    /// <c>password_breached</c>, <c>password_used_before</c>, <c>sign_in_denied</c>, <c>method_not_allowed</c>, <c>terms_not_accepted</c>, <c>organization_unknown</c>, <c>answer_invalid</c>,
    /// <c>name_invalid</c>, <c>passkey_only</c>, <c>passkey_invalid</c>, <c>passkey_expired</c>, <c>passkey_model_refused</c>, <c>passkey_synced_refused</c>, <c>passkey_taken</c>;
    /// 429 <c>password_tries_too_many</c>, <c>mails_too_many</c>; 503 <c>breach_check_unavailable</c>, <c>busy</c>.
    /// </returns>
    internal static async Task<Results<Ok<FlowDocument>, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant, HeadlessRuns runs, CancellationToken ct) =>
        FlowResult.Of(http, await runs.SubmitAsync(http, tenant, request.AuthSession, request.Step, request.Values ?? [], ct));
}
