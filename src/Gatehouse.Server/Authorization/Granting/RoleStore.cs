using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization.Granting;

/// <summary>The SQL of roles that a tenant made.</summary>
internal static class RoleStore
{
    // Bounded by what may be made: a thousand roles. Read whole, since they are kept in memory whole.
    private const string List = "SELECT id, key, name, description, assignable_at, version, created_at, updated_at FROM roles WHERE tenant_id = @tenant ORDER BY id LIMIT 1000";
    private const string ListPermissions = "SELECT role_id, permission FROM role_permissions WHERE tenant_id = @tenant ORDER BY role_id, permission";
    private const string ListInclusions = "SELECT role_id, included FROM role_inclusions WHERE tenant_id = @tenant ORDER BY role_id, included";
    private const string Count = "SELECT count(*) FROM roles WHERE tenant_id = @tenant";

    private const string Insert = """
        INSERT INTO roles (tenant_id, id, key, name, description, assignable_at, version, created_at, updated_at)
        VALUES (@tenant, @id, @key, @name, @description, @at, 1, @now, @now)
        ON CONFLICT (tenant_id, key) DO NOTHING
        """;

    private const string Update = """
        UPDATE roles SET name = @name, description = @description, assignable_at = @at, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version
        """;

    private const string Delete = "DELETE FROM roles WHERE tenant_id = @tenant AND id = @id AND version = @version";

    // The reference is null for the product's own permissions, which have no rows: one statement, two parameters of one value.
    private const string AddOwn = "INSERT INTO role_permissions (tenant_id, role_id, permission) VALUES (@tenant, @role, @permission) ON CONFLICT DO NOTHING";
    private const string AddRegistered = """
        INSERT INTO role_permissions (tenant_id, role_id, permission, registered) SELECT @tenant, @role, name, name FROM permissions WHERE tenant_id = @tenant AND name = @permission
        ON CONFLICT DO NOTHING
        """;
    private const string RemovePermission = "DELETE FROM role_permissions WHERE tenant_id = @tenant AND role_id = @role AND permission = @permission";
    private const string AddInclusion = "INSERT INTO role_inclusions (tenant_id, role_id, included) VALUES (@tenant, @role, @included) ON CONFLICT DO NOTHING";
    private const string RemoveInclusion = "DELETE FROM role_inclusions WHERE tenant_id = @tenant AND role_id = @role AND included = @included";
    private const string RemoveFromOthers = "DELETE FROM role_inclusions WHERE tenant_id = @tenant AND included = @included";

    // Makes the row when it is not there, and takes its lock either way.
    private const string TakeTurn = """
        INSERT INTO role_turns (tenant_id, name, turn) VALUES (@tenant, @name, 1)
        ON CONFLICT (tenant_id, name) DO UPDATE SET turn = role_turns.turn + 1
        """;

    /// <summary>All that the tenant made, oldest first.</summary>
    internal static async ValueTask<List<Role>> ListAsync(TenantTransaction tx, CancellationToken ct)
    {
        var roles = await tx.ListAsync(List, [], row => new Role(row.Id<RoleId>(0), row.Text(1), row.Text(2), row.Text(3), [], [], Places(row.Text(4)), row.Long(5))
        {
            CreatedAt = row.Time(6), UpdatedAt = row.Time(7),
        }, ct);
        if (roles.Count == 0) return roles;
        var permissions = (await tx.ListAsync(ListPermissions, [], row => (Role: row.Id<RoleId>(0), Name: row.Text(1)), ct)).ToLookup(p => p.Role, p => p.Name);
        var inclusions = (await tx.ListAsync(ListInclusions, [], row => (Role: row.Id<RoleId>(0), Included: row.Id<RoleId>(1)), ct)).ToLookup(p => p.Role, p => p.Included);
        return roles.ConvertAll(r => r with { Permissions = [.. permissions[r.Id]], Includes = [.. inclusions[r.Id]] });
    }

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, CancellationToken ct) => await tx.FindValueAsync(Count, [], row => row.Long(0), ct) ?? 0;

    /// <returns>False when the key is taken.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Role role, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", role.Id), ("key", role.Key), ("name", role.Name), ("description", role.Description), ("at", Places(role.AssignableAt)), ("now", role.CreatedAt)], ct) == 1;

    /// <returns>False when somebody changed it since it was read.</returns>
    internal static async ValueTask<bool> TryUpdateAsync(TenantTransaction tx, Role role, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update,
            [("name", role.Name), ("description", role.Description), ("at", Places(role.AssignableAt)), ("now", now), ("id", role.Id), ("version", role.Version)], ct) == 1;

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, Role role, CancellationToken ct)
    {
        await tx.ExecuteAsync(RemoveFromOthers, [("included", role.Id)], ct);
        return await tx.ExecuteAsync(Delete, [("id", role.Id), ("version", role.Version)], ct) == 1;
    }

    /// <returns>False when nobody registered such a permission.</returns>
    internal static async ValueTask<bool> TryAddPermissionAsync(TenantTransaction tx, RoleId role, string permission, bool own, CancellationToken ct) =>
        await tx.ExecuteAsync(own ? AddOwn : AddRegistered, [("role", role), ("permission", permission)], ct) == 1;

    internal static ValueTask<int> RemovePermissionAsync(TenantTransaction tx, RoleId role, string permission, CancellationToken ct) =>
        tx.ExecuteAsync(RemovePermission, [("role", role), ("permission", permission)], ct);

    internal static ValueTask<int> AddInclusionAsync(TenantTransaction tx, RoleId role, RoleId included, CancellationToken ct) =>
        tx.ExecuteAsync(AddInclusion, [("role", role), ("included", included)], ct);

    internal static ValueTask<int> RemoveInclusionAsync(TenantTransaction tx, RoleId role, RoleId included, CancellationToken ct) =>
        tx.ExecuteAsync(RemoveInclusion, [("role", role), ("included", included)], ct);

    /// <summary>Nobody else gets this turn until the transaction ends.</summary>
    internal static ValueTask<int> TakeTurnAsync(TenantTransaction tx, string name, CancellationToken ct) => tx.ExecuteAsync(TakeTurn, [("name", name)], ct);

    private static List<ScopeKind> Places(string json) =>
        [.. (JsonSerializer.Deserialize(json, AuthorizationJson.Default.StringArray) ?? []).Select(ScopeText.Parse).Where(p => p is not null).Select(p => p!.Value)];

    private static Json Places(IReadOnlyList<ScopeKind> places) => new(JsonSerializer.Serialize([.. places.Select(ScopeText.Of)], AuthorizationJson.Default.StringArray));
}
