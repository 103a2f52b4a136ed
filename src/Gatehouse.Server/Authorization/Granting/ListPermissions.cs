using System.Buffers.Text;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>GET /api/v1/permissions</c>: every permission that a role of this tenant can have: those that APIs registered, by name, and on the last page the management API's own.</summary>
internal static class ListPermissions
{
    /// <param name="Api">Null for the management API's own.</param>
    internal sealed record Item(string Name, string Description, ApiId? Api);

    internal static void Map(IEndpointRouteBuilder api) => api.MapGet("/permissions", HandleAsync).WithName("permissions.list").RequirePermission(Scopes.RolesRead);

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> HandleAsync(string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, null).TryGet(out var page, out var problem)) return problem.ToHttp();
        if (!TryReadCursor(cursor, out var after)) return Problem.BadRequest("cursor_invalid", "cursor is the value of \"next\" of the page before, unchanged.", "cursor").ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var registered = await PermissionStore.ListAsync(tx, after, page.Limit + 1, ct);
        if (registered.Count <= page.Limit) return TypedResults.Ok(new Page<Item>([.. registered.Select(Of), .. Scopes.All.Order(StringComparer.Ordinal).Select(s => new Item(s, "", null))], null));
        return TypedResults.Ok(new Page<Item>([.. registered.Take(page.Limit).Select(Of)], Base64Url.EncodeToString(Encoding.UTF8.GetBytes(registered[page.Limit - 1].Name))));
    }

    private static Item Of(RegisteredPermission permission) => new(permission.Name, permission.Description, permission.Api);

    private static bool TryReadCursor(string? cursor, out string after)
    {
        after = "";
        if (string.IsNullOrEmpty(cursor)) return true;
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor)) return false;
        after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return RoleRules.CheckPermission(after) is null;
    }
}
