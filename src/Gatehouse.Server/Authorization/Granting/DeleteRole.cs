using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>DELETE /api/v1/roles/{role}</c>: ends a role for all who hold it, and takes it out of the roles that include it.</summary>
internal static class DeleteRole
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/roles/{role}", HandleAsync).WithName("roles.delete").RequirePermission(Scopes.RolesWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>role_not_found</c>; 409 <c>role_system</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string role, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, RoleWriting roles, AuditLog audit, EventOutbox events, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var book = await RoleWriting.BeginAsync(tx, ct);
        if (book.Find(role) is not { } found) return GrantingProblems.RoleNotFound.ToHttp();
        if (!found.System && ETags.Check(http, found.Version) is { } mismatch) return mismatch.ToHttp();
        if (await roles.DeleteAsync(tx, found, caller, ct) is { } problem) return problem.ToHttp();
        await audit.AppendAsync(tx, new("role.deleted", AuditOutcome.Success, AuditActor.Of(caller), "role", found.Id.ToString(), facts, RoleFacts.Of(found)), ct);
        await events.PublishAsync(tx, new RoleDeleted(found.Id, found.Key), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
