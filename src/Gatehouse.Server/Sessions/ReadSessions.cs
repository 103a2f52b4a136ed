using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Sessions;

/// <summary><c>GET /api/v1/users/{id}/sessions</c>, newest first, and <c>GET /api/v1/sessions/{id}</c>: live sessions only.</summary>
internal static class ReadSessions
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/users/{id}/sessions", ListAsync).WithName("users.sessions.list").WithSummary("List a user's live sessions").RequirePermission(Scopes.SessionsRead);
        api.MapGet("/sessions/{id}", GetAsync).WithName("sessions.get").WithSummary("Get a live session").RequirePermission(Scopes.SessionsRead);
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<SessionView>>, ProblemHttpResult>> ListAsync(string id, string? limit, string? cursor, TenantContext tenant,
        IDatabase database, UserDirectory users, SessionDirectory sessions, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        if (!UserId.TryParse(id, out var userId)) return SessionView.UserNotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, userId, ct) is null) return SessionView.UserNotFound.ToHttp();
        var found = await sessions.ListAsync(tx, tenant, userId, page, ct);
        return TypedResults.Ok(new Page<SessionView>([.. found.Items.Select(SessionView.Of)], found.Next));
    }

    /// <returns>200; 404 <c>session_not_found</c>.</returns>
    internal static async Task<Results<Ok<SessionView>, ProblemHttpResult>> GetAsync(string id, TenantContext tenant, IDatabase database, SessionDirectory sessions, CancellationToken ct)
    {
        if (!SessionId.TryParse(id, out var sessionId)) return SessionView.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await sessions.FindAsync(tx, sessionId, ct) is { } session ? TypedResults.Ok(SessionView.Of(session)) : SessionView.NotFound.ToHttp();
    }
}
