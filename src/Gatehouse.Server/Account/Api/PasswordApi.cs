using System.Text.Json.Serialization;
using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>POST /account/v1/password</c>: a new password for the old one.</summary>
internal static class PasswordApi
{
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Current, string? New);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/password", HandleAsync).WithName("password.change").WithSummary("Change my password and end my other sessions").RequirePermission(AccountScopes.Write).RequireFreshProof();

    /// <returns>204; 422 <c>password_missing</c>, <c>current_wrong</c>, <c>password_too_short</c>, <c>password_too_long</c>, <c>password_common</c>, <c>password_too_simple</c>, <c>password_invalid</c>, <c>password_breached</c>, <c>password_used_before</c>; 429 <c>password_tries_too_many</c>; 503 <c>busy</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant, Own me, MyPassword password, CancellationToken ct)
    {
        if (await password.ChangeAsync(me, http, request.Current, request.New, ct) is not { } problem) return TypedResults.NoContent();
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "2";
        return problem.ToHttp();
    }
}
