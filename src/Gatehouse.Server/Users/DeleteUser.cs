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
        IDatabase database, UserRemoval removal, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId)) return UserProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await removal.RemoveAsync(tx, userId, user => ETags.Check(http, user.Version), caller, facts, null, ct) is { } problem) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
