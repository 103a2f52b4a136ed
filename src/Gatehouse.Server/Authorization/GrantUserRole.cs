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

/// <summary><c>PUT /api/v1/users/{id}/roles/{role}</c>: gives a user a role. Giving it again changes nothing.</summary>
internal static class GrantUserRole
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/users/{id}/roles/{role}", HandleAsync).WithName("users.roles.grant").RequirePermission(Scopes.RolesWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>; 404 <c>user_not_found</c>, <c>role_unknown</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, string role, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, UserDirectory users, Roles roles, AuditLog audit, EventOutbox events, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user)) return RoleProblems.UserNotFound.ToHttp();
        if (!Roles.Exists(role)) return RoleProblems.RoleUnknown.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, user, ct) is null) return RoleProblems.UserNotFound.ToHttp();
        if (AdministratorGuard.CheckGrant(caller, role) is { } escalation) return escalation.ToHttp();
        if (!await roles.TryGrantAsync(tx, user, role, ct)) return TypedResults.NoContent();
        await audit.AppendAsync(tx, new("role.granted", AuditOutcome.Success, AuditActor.Of(caller), "user", id, facts,
            new Dictionary<string, string> { ["role"] = role }), ct);
        await events.PublishAsync(tx, new RoleGranted(user, role), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
