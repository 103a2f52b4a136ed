using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.ApiKeys;

/// <summary><c>GET /api/v1/api-keys</c>, <c>/api-keys/{key}</c>, and the same below an organization.</summary>
internal static class ReadKeys
{
    private static readonly ListShape<ApiKey> shape = new(
        key => key.Id.Value,
        [new("created_at")],
        [
            ListField<ApiKey>.Exact("id", key => key.Id.ToString()),
            ListField<ApiKey>.Text("name", key => key.Name),
            ListField<ApiKey>.Exact("owner", key => key.Owner.IdText),
            ListField<ApiKey>.Exact("prefix", key => key.Prefix),
            new("scopes", FieldKind.Exact, key => key.Scopes),
            ListField<ApiKey>.Boolean("revoked", key => key.RevokedAt is not null),
            ListField<ApiKey>.Time("expires_at", key => key.ExpiresAt),
            ListField<ApiKey>.Time("created_at", key => key.CreatedAt),
        ]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api-keys", ListAsync).WithName("api_keys.list").WithSummary("List API keys").RequirePermission(Scopes.ApiKeysRead).Lists(shape);
        api.MapGet("/api-keys/{key}", GetAsync).WithName("api_keys.get").WithSummary("Get an API key").RequirePermission(Scopes.ApiKeysRead);
        const string own = "/organizations/{organization}/api-keys";
        api.MapGet(own, ListAsync).WithName("organizations.api_keys.list").WithSummary("List an organization's API keys").RequirePermission(Scopes.ApiKeysRead).InOrganization().Lists(shape);
        api.MapGet(own + "/{key}", GetAsync).WithName("organizations.api_keys.get").WithSummary("Get an API key of an organization").RequirePermission(Scopes.ApiKeysRead).InOrganization();
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<ApiKeyView>>, ProblemHttpResult>> ListAsync(KeyPlace place, HttpContext http, TenantContext tenant, IDatabase database, Lists lists, TimeProvider clock, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        if (place.IsUnreadable) return KeyPlace.OrganizationNotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var page = await query.ReadAsync((after, limit) => ApiKeyStore.ListAsync(tx, place.Owner, query.Descending, after?.Id, limit, ct));
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Page<ApiKeyView>([.. page.Items.Select(k => ApiKeyView.Of(k, now))], page.Next));
    }

    /// <returns>200; 404 <c>api_key_not_found</c>.</returns>
    internal static async Task<Results<Ok<ApiKeyView>, ProblemHttpResult>> GetAsync(KeyPlace place, string key, HttpContext http, TenantContext tenant, IDatabase database, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, key, ct) is not { } found) return KeyProblems.NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(ApiKeyView.Of(found, clock.GetUtcNow()));
    }
}
