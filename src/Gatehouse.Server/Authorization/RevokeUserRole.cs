using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization;

/// <summary><c>DELETE /api/v1/users/{id}/roles/{role}</c>: takes a role from a user, unless she is the last who holds it.</summary>
internal static class RevokeUserRole
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/users/{id}/roles/{role}", HandleAsync).WithName("users.roles.revoke").RequirePermission(Scopes.RolesWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>; 404 <c>user_not_found</c>, <c>role_unknown</c>, <c>role_not_held</c>; 409 <c>last_administrator</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, string role, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, UserDirectory users, Roles roles, LastAdministrator last, ICallerGuard callers, AuditLog audit, EventOutbox events, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user)) return RoleProblems.UserNotFound.ToHttp();
        if (!Roles.Exists(role)) return RoleProblems.RoleUnknown.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, user, ct) is null) return RoleProblems.UserNotFound.ToHttp();
        if (await callers.MayChangeAsync(tx, user, caller, ct) is { } escalation) return escalation.ToHttp();
        if (await last.CheckAsync(tx, user, ct) is { } problem) return problem.ToHttp();
        if (!await roles.RevokeAsync(tx, user, role, ct)) return RoleProblems.NotHeld.ToHttp();
        await audit.AppendAsync(tx, new("role.revoked", AuditOutcome.Success, AuditActor.Of(caller), "user", id, facts,
            new Dictionary<string, string> { ["role"] = role }), ct);
        await events.PublishAsync(tx, new RoleRevoked(user, role), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
