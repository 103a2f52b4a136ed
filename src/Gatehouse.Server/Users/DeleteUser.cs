using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary><c>DELETE /api/v1/users/{id}</c>: the account and all that other rooms hold of it, for good.</summary>
internal static class DeleteUser
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/users/{id}", HandleAsync).WithName("users.delete").WithSummary("Delete a user").RequirePermission(Scopes.UsersWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 409 <c>last_administrator</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, UserGuards guards, ICallerGuard callers, AuditLog audit, EventOutbox events, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId)) return UserProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await UserStore.FindAsync(tx, userId, ct) is not { } user) return UserProblems.NotFound.ToHttp();
        if (await callers.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();
        if (ETags.Check(http, user.Version) is { } outdated) return outdated.ToHttp();
        if (await guards.CheckAsync(tx, userId, ct) is { } refused) return refused.ToHttp();
        // Subscribers first: whoever must still find the user by her rows may.
        await events.PublishAsync(tx, new UserDeleted(userId), ct);
        if (!await UserStore.DeleteAsync(tx, userId, ct)) return UserProblems.NotFound.ToHttp();
        await audit.AppendAsync(tx, new("user.deleted", AuditOutcome.Success, AuditActor.Of(caller), "user", userId.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
