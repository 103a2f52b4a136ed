using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>GET /api/v1/clients</c>: a page of clients, newest first.</summary>
internal static class ListClients
{
    internal sealed record Response(IReadOnlyList<ClientView> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/clients", HandleAsync).WithName("clients.list").RequirePermission(Scopes.ClientsRead);

    /// <param name="name">Only clients whose name begins so, whatever the case.</param>
    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>name_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string? name, string? limit, string? cursor,
        TenantContext tenant, IDatabase database, ClientDirectory clients, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var request, out var problem)) return problem.ToHttp();
        if (name is { Length: > ClientRules.MaxNameLength } || name?.Contains('\0', StringComparison.Ordinal) == true)
            return Problem.BadRequest("name_invalid", $"name has at most {ClientRules.MaxNameLength} characters.", "name").ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var page = await clients.ListAsync(tx, request, name, ct);
        return TypedResults.Ok(new Response([.. page.Items.Select(c => ClientView.Of(c, null))], page.Next));
    }
}
