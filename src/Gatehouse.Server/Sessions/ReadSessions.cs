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
    private static readonly ListShape<Session> Shape = new(
        session => session.Id.Value,
        [new("created_at")],
        [
            ListField<Session>.Exact("id", session => session.Id.ToString()),
            ListField<Session>.Text("name", session => session.Name),
            ListField<Session>.Text("ip_address", session => session.IpAddress),
            ListField<Session>.Text("user_agent", session => session.UserAgent),
            new("methods", FieldKind.Exact, session => session.Methods),
            ListField<Session>.Time("created_at", session => session.CreatedAt),
            ListField<Session>.Time("authenticated_at", session => session.AuthenticatedAt),
            ListField<Session>.Time("last_seen_at", session => session.LastSeenAt),
        ]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/users/{id}/sessions", ListAsync).WithName("users.sessions.list").WithSummary("List a user's live sessions").RequirePermission(Scopes.SessionsRead).Lists(Shape);
        api.MapGet("/sessions/{id}", GetAsync).WithName("sessions.get").WithSummary("Get a live session").RequirePermission(Scopes.SessionsRead).SelectsFields();
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<SessionView>>, ProblemHttpResult>> ListAsync(string id, HttpContext http, TenantContext tenant,
        IDatabase database, UserDirectory users, Lists lists, SessionDirectory sessions, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId)) return SessionView.UserNotFound.ToHttp();
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, userId, ct) is null) return SessionView.UserNotFound.ToHttp();
        var found = await sessions.ListAsync(tx, tenant, userId, query, ct);
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
