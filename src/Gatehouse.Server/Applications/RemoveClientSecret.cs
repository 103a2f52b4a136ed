using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>DELETE /api/v1/clients/{id}/secrets/{secret}</c>: ends one secret, everywhere within a second.</summary>
internal static class RemoveClientSecret
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/clients/{id}/secrets/{secret}", HandleAsync).WithName("clients.secrets.delete").RequirePermission(Scopes.ClientsWrite);

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>client_not_found</c>, <c>secret_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, string secret, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, ClientDirectory clients, ClientRegistration registration, ClientGuard guard, AuditLog audit, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return ClientProblems.NotFound.ToHttp();
        if (!ClientSecretId.TryParse(secret, out var secretId)) return ClientProblems.SecretNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await clients.FindAsync(tx, clientId, ct) is not { } client) return ClientProblems.NotFound.ToHttp();
        if (await guard.CheckAsync(tx, caller, client, null, ct) is { } escalation) return escalation.ToHttp();
        if (!await registration.RemoveSecretAsync(tx, clientId, secretId, ct)) return ClientProblems.SecretNotFound.ToHttp();
        await audit.AppendAsync(tx, new("client.secret_removed", AuditOutcome.Success, AuditActor.Of(caller), "client", id, facts,
            new Dictionary<string, string> { ["secret"] = secret }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
