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
    private static readonly ListShape<Client> Shape = new(
        client => client.Id.Value,
        [new("created_at"), new("name", client => ClientStore.Searchable(client.Name), Bounds: false)],
        [
            ListField<Client>.Exact("id", client => client.Id.ToString()),
            ListField<Client>.Text("name", client => client.Name),
            ListField<Client>.Exact("type", client => ClientStore.TypeText(client.Type), "public", "confidential"),
            ListField<Client>.Boolean("first_party", client => client.FirstParty),
            ListField<Client>.Boolean("enabled", client => client.Enabled),
            ListField<Client>.Boolean("administrator", client => client.Administrator),
            new("grant_types", FieldKind.Exact, client => client.GrantTypes),
            new("scopes", FieldKind.Exact, client => client.Scopes),
            new("redirect_uris", FieldKind.Text, client => client.RedirectUris),
            ListField<Client>.Time("created_at", client => client.CreatedAt),
            ListField<Client>.Time("updated_at", client => client.UpdatedAt),
        ]);

    internal sealed record Response(IReadOnlyList<ClientView> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/clients", HandleAsync).WithName("clients.list").RequirePermission(Scopes.ClientsRead).Lists(Shape);

    /// <param name="name">Only clients whose name begins so, whatever the case.</param>
    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>, <c>name_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string? name, HttpContext http,
        TenantContext tenant, IDatabase database, Lists lists, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        if (name is { Length: > ClientRules.MaxNameLength } || name?.Contains('\0', StringComparison.Ordinal) == true)
            return Problem.BadRequest("name_invalid", $"name has at most {ClientRules.MaxNameLength} characters.", "name").ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var page = await query.ReadAsync((after, limit) => ClientStore.ListAsync(tx, query, name, after, limit, ct));
        return TypedResults.Ok(new Response([.. page.Items.Select(c => ClientView.Of(c, null))], page.Next));
    }
}
