using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn.Headless;

/// <summary><c>POST /flows/v1/current</c>, <c>POST /flows/v1/cancel</c>: POST, so that the secret stands in no address.</summary>
internal static class AskFlow
{
    /// <param name="AuthSession">The run's.</param>
    internal sealed record Request(string? AuthSession);

    internal static void Map(IEndpointRouteBuilder flows)
    {
        flows.MapPost("/current", CurrentAsync).WithName("flows.current").WithSummary("Show the open steps of a sign-in");
        flows.MapPost("/cancel", CancelAsync).WithName("flows.cancel").WithSummary("End a sign-in that nobody will finish");
    }

    /// <returns>200 with the open steps, or with the code if it was fulfilled and the answer lost; 400 <c>invalid_session</c>, <c>redirect_to_web</c>, <c>unmet_authentication_requirements</c>.</returns>
    internal static async Task<Results<Ok<FlowDocument>, ProblemHttpResult>> CurrentAsync(Request request, HttpContext http, TenantContext tenant, HeadlessRuns runs, CancellationToken ct) =>
        FlowResult.Of(http, await runs.CurrentAsync(http, tenant, request.AuthSession, ct));

    /// <returns>200; 400 <c>invalid_session</c>.</returns>
    internal static async Task<Results<Ok<FlowDocument>, ProblemHttpResult>> CancelAsync(Request request, HttpContext http, TenantContext tenant, HeadlessRuns runs, CancellationToken ct) =>
        FlowResult.Of(http, await runs.CancelAsync(http, tenant, request.AuthSession, ct));
}
