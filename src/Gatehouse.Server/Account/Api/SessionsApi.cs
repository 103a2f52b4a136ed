using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/sessions</c>: where I am signed in.</summary>
internal static class SessionsApi
{
    /// <param name="Name">At most 80 characters; null or blank forgets it.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record NameRequest(string? Name);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions", ListAsync).WithName("sessions.list").WithSummary("List where I am signed in").RequirePermission(AccountScopes.Read);
        api.MapPut("/sessions/{id}/name", NameAsync).WithName("sessions.name").WithSummary("Give one of my sessions a name").RequirePermission(AccountScopes.Write);
        api.MapDelete("/sessions/{id}", EndAsync).WithName("sessions.end").WithSummary("End one of my sessions").RequirePermission(AccountScopes.Write);
        api.MapDelete("/sessions", EndOthersAsync).WithName("sessions.end_others").WithSummary("End all of my sessions but this one").RequirePermission(AccountScopes.Write);
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<OwnSessionView>>, ProblemHttpResult>> ListAsync(string? limit, string? cursor, TenantContext tenant, Own me, MySessions sessions, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        var found = await sessions.ListAsync(me, page, ct);
        return TypedResults.Ok(new Page<OwnSessionView>([.. found.Items.Select(s => OwnSessionView.Of(s, me.Visitor.Session.Id))], found.Next));
    }

    /// <returns>204; 404 <c>session_not_found</c>; 422 <c>session_name_invalid</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> NameAsync(string id, NameRequest request, TenantContext tenant, Own me, MySessions sessions, CancellationToken ct) =>
        (SessionId.TryParse(id, out var session) ? await sessions.NameAsync(me, session, request.Name, ct) : MySessions.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>204; 404 <c>session_not_found</c>, also when it is another's or has ended.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(string id, TenantContext tenant, Own me, MySessions sessions, CancellationToken ct) =>
        (SessionId.TryParse(id, out var session) ? await sessions.EndAsync(me, session, ct) : MySessions.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>204, also when there was none.</returns>
    internal static async Task<NoContent> EndOthersAsync(TenantContext tenant, Own me, MySessions sessions, CancellationToken ct)
    {
        await sessions.EndOthersAsync(me, ct);
        return TypedResults.NoContent();
    }
}
