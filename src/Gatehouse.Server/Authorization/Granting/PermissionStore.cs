using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Authorization.Granting;

/// <summary>A permission that an API registered.</summary>
internal sealed record RegisteredPermission(string Name, ApiId Api, string Description);

/// <summary>The SQL of the permissions that APIs registered.</summary>
internal static class PermissionStore
{
    private const string ListOf = "SELECT name, api_id, description FROM permissions WHERE tenant_id = @tenant AND api_id = @api ORDER BY name";
    private const string ListFrom = "SELECT name, api_id, description FROM permissions WHERE tenant_id = @tenant AND name > @after ORDER BY name LIMIT @limit";
    private const string Exists = "SELECT 1 FROM permissions WHERE tenant_id = @tenant AND name = @name";
    private const string Count = "SELECT count(*) FROM permissions WHERE tenant_id = @tenant";
    private const string Insert = "INSERT INTO permissions (tenant_id, name, api_id, description) VALUES (@tenant, @name, @api, @description) ON CONFLICT (tenant_id, name) DO NOTHING";
    private const string Describe = "UPDATE permissions SET description = @description WHERE tenant_id = @tenant AND name = @name AND api_id = @api";

    // Roles lose it by the reference's cascade.
    private const string Delete = "DELETE FROM permissions WHERE tenant_id = @tenant AND name = @name AND api_id = @api";

    internal static ValueTask<List<RegisteredPermission>> ListOfAsync(TenantTransaction tx, ApiId api, CancellationToken ct) => tx.ListAsync(ListOf, [("api", api)], Read, ct);

    /// <param name="after">The name after which the page begins; empty for the first.</param>
    internal static ValueTask<List<RegisteredPermission>> ListAsync(TenantTransaction tx, string after, int limit, CancellationToken ct) =>
        tx.ListAsync(ListFrom, [("after", after), ("limit", limit)], Read, ct);

    internal static async ValueTask<bool> ExistsAsync(TenantTransaction tx, string name, CancellationToken ct) => await tx.FindValueAsync(Exists, [("name", name)], row => row.Long(0), ct) is not null;

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, CancellationToken ct) => await tx.FindValueAsync(Count, [], row => row.Long(0), ct) ?? 0;

    /// <returns>False when another API has registered that name.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, RegisteredPermission wanted, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("name", wanted.Name), ("api", wanted.Api), ("description", wanted.Description)], ct) == 1;

    internal static ValueTask<int> DescribeAsync(TenantTransaction tx, RegisteredPermission wanted, CancellationToken ct) =>
        tx.ExecuteAsync(Describe, [("description", wanted.Description), ("name", wanted.Name), ("api", wanted.Api)], ct);

    internal static ValueTask<int> DeleteAsync(TenantTransaction tx, RegisteredPermission gone, CancellationToken ct) =>
        tx.ExecuteAsync(Delete, [("name", gone.Name), ("api", gone.Api)], ct);

    private static RegisteredPermission Read(SqlRow row) => new(row.Text(0), row.Id<ApiId>(1), row.Text(2));
}
