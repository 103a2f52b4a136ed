using System.Globalization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Sessions;

/// <summary><c>DELETE /api/v1/users/{id}/sessions/{sessionId}</c> and <c>DELETE /api/v1/users/{id}/sessions</c>: an administrator signs a user out.</summary>
internal static class RevokeSessions
{
    private const string Reason = "administrator";

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/users/{id}/sessions/{sessionId}", OneAsync).WithName("users.sessions.revoke").WithSummary("End one of a user's sessions").RequirePermission(Scopes.SessionsWrite);
        api.MapDelete("/users/{id}/sessions", AllAsync).WithName("users.sessions.revoke_all").WithSummary("End all of a user's sessions").RequirePermission(Scopes.SessionsWrite);
    }

    /// <returns>204; 404 <c>session_not_found</c>, also when it is another user's or has been ended.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> OneAsync(string id, string sessionId, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, SessionDirectory sessions, AuditLog audit, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId) || !SessionId.TryParse(sessionId, out var wanted)) return SessionView.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await sessions.RevokeAsync(tx, wanted, userId, Reason, ct)) return SessionView.NotFound.ToHttp();
        await audit.AppendAsync(tx, new("session.revoked", AuditOutcome.Success, AuditActor.Of(caller), "session", wanted.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <returns>204, also when there was none; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> AllAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, UserDirectory users, SessionDirectory sessions, AuditLog audit, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId)) return SessionView.UserNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, userId, ct) is null) return SessionView.UserNotFound.ToHttp();
        var ended = await sessions.RevokeAllAsync(tx, userId, null, Reason, ct);
        await audit.AppendAsync(tx, new("session.all_revoked", AuditOutcome.Success, AuditActor.Of(caller), "user", userId.ToString(), facts,
            new Dictionary<string, string> { ["count"] = ended.ToString(CultureInfo.InvariantCulture) }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
