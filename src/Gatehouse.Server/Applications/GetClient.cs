using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>GET /api/v1/clients/{id}</c>: one client.</summary>
internal static class GetClient
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/clients/{id}", HandleAsync).WithName("clients.get").RequirePermission(Scopes.ClientsRead).SelectsFields();

    /// <returns>200; 404 <c>client_not_found</c>.</returns>
    internal static async Task<Results<Ok<ClientView>, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, IDatabase database,
        ClientDirectory clients, HttpContext http, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return ClientProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await clients.FindAsync(tx, clientId, ct) is not { } client) return ClientProblems.NotFound.ToHttp();
        ETags.Set(http, client.Version);
        return TypedResults.Ok(ClientView.Of(client, await clients.ListSecretsAsync(tx, clientId, ct)));
    }
}
