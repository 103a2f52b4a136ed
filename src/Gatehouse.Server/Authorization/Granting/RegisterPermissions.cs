using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <param name="Name"><c>resource:action</c>, unique in the tenant over all its APIs.</param>
/// <param name="Description">What it lets somebody do; at most 500 characters, may be empty.</param>
internal sealed record PermissionView(string? Name, string? Description);

/// <summary>All permissions of one API.</summary>
internal sealed record ApiPermissions(IReadOnlyList<PermissionView>? Permissions);

/// <summary><c>GET /api/v1/apis/{id}/permissions</c>: what an API has registered.</summary>
internal static class ListApiPermissions
{
    internal static void Map(IEndpointRouteBuilder api) => api.MapGet("/apis/{id}/permissions", HandleAsync).WithName("apis.permissions.list").RequirePermission(Scopes.ApisRead);

    /// <returns>200; 404 <c>api_not_found</c>.</returns>
    internal static async Task<Results<Ok<ApiPermissions>, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, IDatabase database, ClientDirectory apis, CancellationToken ct)
    {
        if (await FindAsync(id, tenant, apis, ct) is not { } found) return ApiNotFound.ToHttp();
        if (found.System) return TypedResults.Ok(new ApiPermissions([.. Scopes.All.Select(s => new PermissionView(s, ""))]));
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(new ApiPermissions([.. (await PermissionStore.ListOfAsync(tx, found.Id, ct)).Select(p => new PermissionView(p.Name, p.Description))]));
    }

    /// <summary>The account API has no row of its own and shares the management API's id: that one is meant.</summary>
    internal static async ValueTask<Api?> FindAsync(string id, TenantContext tenant, ClientDirectory apis, CancellationToken ct) =>
        ApiId.TryParse(id, out var api) ? (await apis.ListApisAsync(tenant.Id, ct)).FirstOrDefault(a => a.Id == api) : null;

    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem ApiNotFound = Problem.NotFound("api_not_found", "This tenant has no such API.");
}

/// <summary><c>PUT /api/v1/apis/{id}/permissions</c>: registers all permissions of an API, the same list any number of times; so an application does it whenever it starts. One that is left out is taken from every role.</summary>
internal static class RegisterPermissions
{
    private const int MaxInTenant = 5_000;

    internal static void Map(IEndpointRouteBuilder api) => api.MapPut("/apis/{id}/permissions", HandleAsync).WithName("apis.permissions.register").RequirePermission(Scopes.ApisWrite);

    /// <returns>200; 404 <c>api_not_found</c>; 409 <c>api_system</c>, <c>permission_taken</c>, <c>permissions_too_many</c>; 422 <c>permission_invalid</c>, <c>permission_reserved</c>,
    /// <c>permission_repeated</c>, <c>description_invalid</c>, <c>permissions_missing</c>.</returns>
    internal static async Task<Results<Ok<ApiPermissions>, ProblemHttpResult>> HandleAsync(string id, ApiPermissions request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ClientDirectory apis, AuditLog audit, CancellationToken ct)
    {
        if (await ListApiPermissions.FindAsync(id, tenant, apis, ct) is not { } found) return ListApiPermissions.ApiNotFound.ToHttp();
        if (found.System) return Problem.Conflict("api_system", "This is the management API itself. It belongs to the product and cannot be changed or deleted.").ToHttp();
        if (!Read(request, found.Id).TryGet(out var wanted, out var problem)) return problem.ToHttp();

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await RoleWriting.BeginAsync(tx, ct);
        var before = await PermissionStore.ListOfAsync(tx, found.Id, ct);
        var gone = before.Where(b => !wanted.Exists(w => w.Name == b.Name)).ToList();
        var added = wanted.Where(w => !before.Exists(b => b.Name == w.Name)).ToList();
        if (await PermissionStore.CountAsync(tx, ct) + added.Count - gone.Count > MaxInTenant) return TooMany.ToHttp();
        foreach (var permission in gone) await PermissionStore.DeleteAsync(tx, permission, ct);
        foreach (var permission in added)
            if (!await PermissionStore.TryInsertAsync(tx, permission, ct))
                return Problem.Conflict("permission_taken", $"Another API of this tenant has the permission {permission.Name}. Permissions are unique in a tenant, so that a name alone says what is meant.", "permissions").ToHttp();
        var described = wanted.Where(w => before.Exists(b => b.Name == w.Name && b.Description != w.Description)).ToList();
        foreach (var permission in described) await PermissionStore.DescribeAsync(tx, permission, ct);
        // An application that starts ten times a day writes one entry, not ten.
        if (gone.Count + added.Count + described.Count > 0)
        {
            await audit.AppendAsync(tx, new("api.permissions_registered", AuditOutcome.Success, AuditActor.Of(caller), "api", id, facts,
                new Dictionary<string, string> { ["added"] = string.Join(' ', added.Select(p => p.Name)), ["removed"] = string.Join(' ', gone.Select(p => p.Name)) }), ct);
            Authority.RolesChanged(tx);
        }
        await tx.CommitAsync(ct);
        return TypedResults.Ok(new ApiPermissions([.. wanted.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new PermissionView(p.Name, p.Description))]));
    }

    private static Result<List<RegisteredPermission>, Problem> Read(ApiPermissions request, ApiId api)
    {
        if (request.Permissions is not { } list) return Problem.Invalid("permissions_missing", "permissions is the list of all that the API registers; it may be empty.", "permissions");
        if (list.Count > RoleRules.MaxRegistered) return TooMany;
        List<RegisteredPermission> wanted = [];
        foreach (var permission in list)
        {
            var description = (permission?.Description ?? "").Trim();
            if ((RoleRules.CheckPermission(permission?.Name) ?? RoleRules.CheckDescription(description)) is { } problem) return problem;
            if (wanted.Exists(w => w.Name == permission!.Name)) return Problem.Invalid("permission_repeated", "One permission is named twice.", "permissions");
            wanted.Add(new(permission!.Name!, api, description));
        }
        return wanted;
    }

    private static Problem TooMany { get; } = Problem.Conflict("permissions_too_many", $"An API registers at most {RoleRules.MaxRegistered} permissions and a tenant at most {MaxInTenant}.", "permissions");
}
