using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>DELETE /api/v1/clients/{id}</c>: removes an application for good, and what it was given with it.</summary>
internal static class DeleteClient
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/clients/{id}", HandleAsync).WithName("clients.delete").RequirePermission(Scopes.ClientsWrite);

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>client_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ClientDirectory clients, ClientRegistration registration, ClientGuard guard, AuditLog audit, HttpContext http, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return ClientProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await clients.FindAsync(tx, clientId, ct) is not { } client) return ClientProblems.NotFound.ToHttp();
        if ((ETags.Check(http, client.Version) ?? await guard.CheckAsync(tx, caller, client, null, ct)) is { } refused) return refused.ToHttp();
        if (await registration.DeleteAsync(tx, clientId, client.Version, ct) is { } problem) return problem.ToHttp();
        await audit.AppendAsync(tx, new("client.deleted", AuditOutcome.Success, AuditActor.Of(caller), "client", id, facts,
            new Dictionary<string, string> { ["name"] = client.Name }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
