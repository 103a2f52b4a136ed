using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>POST /api/v1/clients/{id}/secrets</c>: a second secret beside the first, to move an application to without a pause.</summary>
internal static class AddClientSecret
{
    /// <param name="ExpiresAt">When it stops working; left out: never.</param>
    internal sealed record Request(DateTimeOffset? ExpiresAt);

    /// <param name="Secret">Shown this once; only its hash is kept.</param>
    internal sealed record Response(ClientSecretId Id, string Secret, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/clients/{id}/secrets", HandleAsync).WithName("clients.secrets.create").RequirePermission(Scopes.ClientsWrite).Idempotent().RequireFreshProof();

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>client_not_found</c>; 409 <c>secret_limit_reached</c>, <c>client_public</c>, <c>client_has_keys</c>; 422 <c>expires_at_invalid</c>.</returns>
    internal static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(string id, Request? request, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, ClientDirectory clients, ClientRegistration registration, ClientGuard guard, AuditLog audit, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return ClientProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await clients.FindAsync(tx, clientId, ct) is not { } client) return ClientProblems.NotFound.ToHttp();
        if (await guard.CheckAsync(tx, caller, client, null, ct) is { } escalation) return escalation.ToHttp();
        if (!(await registration.AddSecretAsync(tx, client, request?.ExpiresAt, ct)).TryGet(out var issued, out var problem)) return problem.ToHttp();
        var record = issued.Record;
        await audit.AppendAsync(tx, new("client.secret_added", AuditOutcome.Success, AuditActor.Of(caller), "client", id, facts,
            new Dictionary<string, string> { ["secret"] = record.Id.ToString() }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/clients/{id}/secrets/{record.Id}"), new Response(record.Id, issued.Text, record.Hint, record.CreatedAt, record.ExpiresAt));
    }
}
