using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn.Headless;

/// <summary><c>POST /flows/v1/resend</c>: what a step has sent, once more.</summary>
internal static class StepFlow
{
    /// <param name="AuthSession">The run's.</param>
    /// <param name="Step">An open one that is resendable.</param>
    internal sealed record Request(string? AuthSession, string? Step);

    internal static void Map(IEndpointRouteBuilder flows) => flows.MapPost("/resend", HandleAsync).WithName("flows.resend").WithSummary("Send a step's message once more");

    /// <returns>200 with the open steps; 400 <c>invalid_session</c>; 409 <c>step_not_open</c>; 429 <c>mails_too_many</c>.</returns>
    internal static async Task<Results<Ok<FlowDocument>, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant, HeadlessRuns runs, CancellationToken ct) =>
        FlowResult.Of(http, await runs.ResendAsync(http, tenant, request.AuthSession, request.Step, ct));
}
