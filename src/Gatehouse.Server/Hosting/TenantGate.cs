using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Tenants;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Hosting;

/// <summary>
/// Lets a request reach its endpoint only with an active tenant, unless the endpoint says that it answers without one, and answers for
/// everything that reaches no endpoint: a page for a person, a problem for a program.
/// </summary>
internal sealed class TenantGate(RequestDelegate next, TenantDirectory tenants)
{
    private static readonly Problem Suspended = new("tenant_suspended", 403, "This tenant is suspended. Ask the people who run it.");
    private static readonly Problem NotSetUp = Problem.Unavailable("not_set_up", "This server is not set up yet. Open the link that it printed in its log when it started.");
    private static readonly Problem UnknownTenant = Problem.NotFound("tenant_unknown", "No tenant answers at this address.");
    private static readonly Problem NoEndpoint = Problem.NotFound("not_found", "There is nothing at this address.");
    private static readonly Problem WrongMethod = new("method_not_allowed", 405, "This address does not answer to this method.");

    private static readonly Problem TooLong = new("body_too_large", 413, $"A request body may have {FormReader.MaxBodyBytes} bytes.");
    private static readonly Problem WrongType = new("media_type_unsupported", 415, "Send the body as application/json (a PATCH may be application/merge-patch+json).");

    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<AllowNoTenant>() is not null) { await next(http); return; }
        switch (http.Features.Get<TenantContext>())
        {
            case { Status: TenantStatus.Active } tenant when CanonicalAddress.LeadsTo(http, tenant) is { } elsewhere:
                http.Response.Redirect(elsewhere);
                return;
            case { Status: TenantStatus.Active } when endpoint is null:
                await AnswerAsync(http, NoEndpoint);
                return;
            case { Status: TenantStatus.Active }:
                await next(http);
                // Routing and binding answer these themselves, without a body.
                if (http.Response is { StatusCode: 405 or 413 or 415, HasStarted: false, ContentType: null } bare)
                    await (bare.StatusCode switch { 405 => WrongMethod, 413 => TooLong, _ => WrongType }).ToHttp().ExecuteAsync(http);
                return;
            case not null:
                await AnswerAsync(http, Suspended);
                return;
            case null when !await tenants.AnyAsync(http.RequestAborted):
                await PlainPage.AnswerAsync(http, NotSetUp, "Not set up yet");
                return;
            default:
                await AnswerAsync(http, UnknownTenant);
                return;
        }
    }

    private static Task AnswerAsync(HttpContext http, Problem problem) =>
        PlainPage.Suits(http.Request) ? ErrorResult.Of(problem.Status, problem.Code).ExecuteAsync(http) : problem.ToHttp().ExecuteAsync(http);
}
