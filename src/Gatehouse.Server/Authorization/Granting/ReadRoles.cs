using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>GET /api/v1/roles</c>: the product's own roles and the tenant's, newest first.</summary>
internal static class ListRoles
{
    internal static void Map(IEndpointRouteBuilder api) => api.MapGet("/roles", HandleAsync).WithName("roles.list").RequirePermission(Scopes.RolesRead);

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<RoleView>>, ProblemHttpResult>> HandleAsync(string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var book = await RoleBook.ReadAsync(tx, ct);
        // At most a thousand and kept in memory whole, so paged here; ids are compared as their texts, which sort as the ids do.
        var roles = book.Roles.OrderByDescending(r => r.Id.ToString(), StringComparer.Ordinal).ToList();
        if (page.After is { } after) roles.RemoveAll(r => string.CompareOrdinal(r.Id.ToString(), new RoleId(after).ToString()) >= 0);
        var found = page.ToPage(roles, r => r.Id.Value);
        return TypedResults.Ok(new Page<RoleView>([.. found.Items.Select(r => RoleView.Of(r, book))], found.Next));
    }
}

/// <summary><c>GET /api/v1/roles/{role}</c>: one role, by its id or its key.</summary>
internal static class GetRole
{
    internal static void Map(IEndpointRouteBuilder api) => api.MapGet("/roles/{role}", HandleAsync).WithName("roles.get").RequirePermission(Scopes.RolesRead);

    /// <returns>200; 404 <c>role_not_found</c>.</returns>
    internal static async Task<Results<Ok<RoleView>, ProblemHttpResult>> HandleAsync(string role, TenantContext tenant, IDatabase database, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var book = await RoleBook.ReadAsync(tx, ct);
        if (book.Find(role) is not { } found) return GrantingProblems.RoleNotFound.ToHttp();
        if (!found.System) ETags.Set(http, found.Version);
        return TypedResults.Ok(RoleView.Of(found, book));
    }
}
