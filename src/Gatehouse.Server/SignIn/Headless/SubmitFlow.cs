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
    /// <param name="Step">One of the open ones, by name.</param>
    /// <param name="Values">As the step's schema says.</param>
    internal sealed record Request(string? AuthSession, string? Step, Dictionary<string, JsonElement>? Values);

    internal static void Map(IEndpointRouteBuilder flows) => flows.MapPost("/submit", HandleAsync).WithName("flows.submit").WithSummary("Answer an open step");

    /// <returns>
    /// 200 with the next steps or the code; 400 <c>invalid_session</c>; 409 <c>step_not_open</c>; 422 <c>credentials_wrong</c>, <c>code_wrong</c>, <c>values_invalid</c>, …,
    /// <c>member_unknown</c>, <c>member_invalid</c>.
    /// </returns>
    internal static async Task<Results<Ok<FlowDocument>, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant, HeadlessRuns runs, CancellationToken ct) =>
        FlowResult.Of(http, await runs.SubmitAsync(http, tenant, request.AuthSession, request.Step, request.Values ?? [], ct));
}
