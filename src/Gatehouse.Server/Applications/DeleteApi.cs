using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>DELETE /api/v1/apis/{id}</c>: removes an API; its scopes are taken from every client.</summary>
internal static class DeleteApi
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/apis/{id}", HandleAsync).WithName("apis.delete").RequirePermission(Scopes.ApisWrite);

    /// <returns>204; 404 <c>api_not_found</c>; 409 <c>api_system</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ApiRegistration apis, AuditLog audit, HttpContext http, CancellationToken ct)
    {
        if (!ApiId.TryParse(id, out var apiId)) return ApiProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await ApiStore.FindAsync(tx, apiId, ct) is not { } found) return ApiProblems.NotFound.ToHttp();
        if ((ETags.Check(http, found.Version) ?? await apis.DeleteAsync(tx, found, ct)) is { } problem) return problem.ToHttp();
        await audit.AppendAsync(tx, new("api.deleted", AuditOutcome.Success, AuditActor.Of(caller), "api", id, facts,
            new Dictionary<string, string> { ["identifier"] = found.Identifier }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
