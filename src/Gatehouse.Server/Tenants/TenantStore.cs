using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Tenants;

/// <summary>
/// The registry's SQL. <c>tenants</c> is keyed by id and <c>tenant_domains</c> is looked up by address: they are what a tenant is found
/// by, so these statements, alone in the product, run before a tenant is known.
/// </summary>
internal static class TenantStore
{
    private const string Columns = "t.id, t.slug, t.display_name, t.issuer, t.parent_id, t.status, t.settings, t.version, t.created_at, t.updated_at, t.delete_after";

    // Conditional on the slug: of two processes that create the same name, one inserts.
    private const string Insert = """
        INSERT INTO tenants (id, slug, display_name, issuer, parent_id, status, settings, version, created_at, updated_at)
        VALUES (@id, @slug, @name, @issuer, @parent, 'active', @settings, 1, @now, @now)
        ON CONFLICT DO NOTHING
        """;

    private const string InsertDomain = """
        INSERT INTO tenant_domains (tenant_id, host, path, base_url, canonical, created_at)
        VALUES (@id, @host, @path, @url, @canonical, @now)
        ON CONFLICT DO NOTHING
        """;

    private const string ByAddress = $"""
        SELECT {Columns} FROM tenant_domains d JOIN tenants t ON t.id = d.tenant_id
        WHERE d.host = @host AND d.path = @path AND t.deleted_at IS NULL
        """;

    private const string EverBySlug = "SELECT t.id FROM tenants t WHERE t.slug = @slug LIMIT 1";
    private const string BySlug = $"SELECT {Columns} FROM tenants t WHERE t.slug = @slug AND t.deleted_at IS NULL";
    private const string ById = $"SELECT {Columns} FROM tenants t WHERE t.id = @id AND t.deleted_at IS NULL";

    // The empty id sorts before every other, so one statement serves the first page too.
    private const string Active = "SELECT t.id FROM tenants t WHERE t.id > @after AND t.status = 'active' AND t.delete_after IS NULL AND t.deleted_at IS NULL ORDER BY t.id LIMIT @limit";
    private const string Every = "SELECT t.id FROM tenants t WHERE t.id > @after ORDER BY t.id LIMIT @limit";
    private const string Any = "SELECT 1 FROM tenants LIMIT 1";

    // Changes nothing, but holds the row until commit: creating a child and deleting its parent take turns on it.
    private const string Touch = "UPDATE tenants SET version = version WHERE id = @id AND delete_after IS NULL AND deleted_at IS NULL";

    // The same from within a tenant, for whoever decides by its settings: they take turns with whoever changes them.
    private const string Hold = "UPDATE tenants SET version = version WHERE id = @tenant AND deleted_at IS NULL";
    private const string Held = $"SELECT {Columns} FROM tenants t WHERE t.id = @tenant AND t.deleted_at IS NULL";

    // The tree is walked down from one tenant; a page of it is cut by id, newest first. The largest id there is stands for "from the start".
    private const string Tree = $"""
        WITH RECURSIVE tree (id) AS (
          SELECT id FROM tenants WHERE id = @root AND deleted_at IS NULL
          UNION ALL
          SELECT c.id FROM tenants c JOIN tree p ON c.parent_id = p.id WHERE c.deleted_at IS NULL
        )
        SELECT {Columns} FROM tenants t JOIN tree ON tree.id = t.id WHERE t.id < @after ORDER BY t.id DESC LIMIT @limit
        """;

    private const string TreeOldestFirst = $"""
        WITH RECURSIVE tree (id) AS (
          SELECT id FROM tenants WHERE id = @root AND deleted_at IS NULL
          UNION ALL
          SELECT c.id FROM tenants c JOIN tree p ON c.parent_id = p.id WHERE c.deleted_at IS NULL
        )
        SELECT {Columns} FROM tenants t JOIN tree ON tree.id = t.id WHERE t.id > @after ORDER BY t.id LIMIT @limit
        """;

    // The three changes below name the version that was read: of two that started from the same one, one is refused.
    private const string Rename = "UPDATE tenants SET display_name = @value, version = version + 1, updated_at = @now WHERE id = @id AND version = @version AND deleted_at IS NULL";
    private const string SetStatus = "UPDATE tenants SET status = @value, version = version + 1, updated_at = @now WHERE id = @id AND version = @version AND deleted_at IS NULL";
    private const string SetSettings = "UPDATE tenants SET settings = @value, version = version + 1, updated_at = @now WHERE id = @id AND version = @version AND deleted_at IS NULL";

    private const string Delete = """
        UPDATE tenants SET deleted_at = @now, updated_at = @now, version = version + 1 WHERE id = @id AND deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM tenants c WHERE c.parent_id = @id AND c.deleted_at IS NULL)
        """;

    private const string Schedule = """
        UPDATE tenants SET delete_after = @after, updated_at = @now, version = version + 1 WHERE id = @id AND delete_after IS NULL AND deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM tenants c WHERE c.parent_id = @id AND c.deleted_at IS NULL)
        """;

    private const string Restore = "UPDATE tenants SET delete_after = NULL, updated_at = @now, version = version + 1 WHERE id = @id AND delete_after IS NOT NULL AND deleted_at IS NULL";
    private const string Due = "SELECT t.id FROM tenants t WHERE t.delete_after <= @now AND t.deleted_at IS NULL ORDER BY t.delete_after LIMIT @limit";
    private const string HoldDue = "UPDATE tenants SET version = version WHERE id = @id AND delete_after <= @now AND deleted_at IS NULL";

    private const string Domains = "SELECT d.host, d.path, d.base_url, d.canonical, d.created_at FROM tenant_domains d WHERE d.tenant_id = @id ORDER BY d.created_at, d.host LIMIT @limit";
    private const string DeleteDomain = "DELETE FROM tenant_domains WHERE tenant_id = @id AND host = @host AND path = '' AND NOT canonical";
    private const string DeleteDomains = "DELETE FROM tenant_domains WHERE tenant_id = @id";

    /// <returns>False when the slug is taken.</returns>
    internal static async ValueTask<bool> TryInsertAsync(SystemTransaction tx, TenantRow tenant, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", tenant.Id), ("slug", tenant.Slug), ("name", tenant.DisplayName), ("issuer", tenant.Issuer), ("parent", tenant.ParentId?.Value),
             ("settings", new Json(tenant.Settings)), ("now", tenant.CreatedAt)], ct) == 1;

    /// <returns>False when the address is taken.</returns>
    internal static async ValueTask<bool> TryInsertDomainAsync(SystemTransaction tx, TenantId tenant, TenantAddress address, bool canonical, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(InsertDomain,
            [("id", tenant), ("host", address.Host), ("path", address.Path), ("url", address.BaseUrl), ("canonical", canonical), ("now", now)], ct) == 1;

    internal static ValueTask<TenantRow?> FindByAddressAsync(SystemTransaction tx, string host, string path, CancellationToken ct) =>
        tx.FindAsync(ByAddress, [("host", host), ("path", path)], Read, ct);

    /// <summary>Deleted ones included.</summary>
    internal static async ValueTask<bool> AnyEverAsync(SystemTransaction tx, string slug, CancellationToken ct) => await tx.FindValueAsync(EverBySlug, [("slug", slug)], row => row.Guid(0), ct) is not null;

    internal static ValueTask<TenantRow?> FindBySlugAsync(SystemTransaction tx, string slug, CancellationToken ct) =>
        tx.FindAsync(BySlug, [("slug", slug)], Read, ct);

    internal static ValueTask<TenantRow?> FindAsync(SystemTransaction tx, TenantId id, CancellationToken ct) =>
        tx.FindAsync(ById, [("id", id)], Read, ct);

    internal static ValueTask<List<TenantId>> ListActiveAsync(SystemTransaction tx, TenantId? after, int limit, CancellationToken ct) =>
        tx.ListAsync(Active, [("after", after?.Value ?? Guid.Empty), ("limit", limit)], row => row.Id<TenantId>(0), ct);

    internal static ValueTask<List<TenantId>> ListEveryAsync(SystemTransaction tx, TenantId? after, int limit, CancellationToken ct) =>
        tx.ListAsync(Every, [("after", after?.Value ?? Guid.Empty), ("limit", limit)], row => row.Id<TenantId>(0), ct);

    internal static async ValueTask<bool> AnyAsync(SystemTransaction tx, CancellationToken ct) =>
        await tx.FindValueAsync(Any, [], row => row.Long(0), ct) is not null;

    /// <returns>False when it is gone.</returns>
    internal static async ValueTask<bool> TouchAsync(SystemTransaction tx, TenantId id, CancellationToken ct) =>
        await tx.ExecuteAsync(Touch, [("id", id)], ct) == 1;

    /// <summary>The transaction's own tenant, as it stays until that ends.</summary>
    internal static async ValueTask<TenantRow?> HoldAsync(TenantTransaction tx, CancellationToken ct) =>
        await tx.ExecuteAsync(Hold, [], ct) == 1 ? await tx.FindAsync(Held, [], Read, ct) : null;

    internal static ValueTask<List<TenantRow>> ListTreeAsync(SystemTransaction tx, TenantId root, Guid? after, int limit, CancellationToken ct) =>
        tx.ListAsync(Tree, [("root", root), ("after", after ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    internal static ValueTask<List<TenantRow>> ListTreeOldestFirstAsync(SystemTransaction tx, TenantId root, Guid? after, int limit, CancellationToken ct) =>
        tx.ListAsync(TreeOldestFirst, [("root", root), ("after", after ?? Guid.Empty), ("limit", limit)], Read, ct);

    internal static ValueTask<bool> TryRenameAsync(SystemTransaction tx, TenantRow row, string name, DateTimeOffset now, CancellationToken ct) =>
        TryChangeAsync(tx, Rename, row, name, now, ct);

    internal static ValueTask<bool> TrySetStatusAsync(SystemTransaction tx, TenantRow row, TenantStatus status, DateTimeOffset now, CancellationToken ct) =>
        TryChangeAsync(tx, SetStatus, row, status == TenantStatus.Active ? "active" : "suspended", now, ct);

    internal static ValueTask<bool> TrySetSettingsAsync(SystemTransaction tx, TenantRow row, string document, DateTimeOffset now, CancellationToken ct) =>
        TryChangeAsync(tx, SetSettings, row, new Json(document), now, ct);

    /// <returns>False when it has children or is gone.</returns>
    internal static async ValueTask<bool> TryDeleteAsync(SystemTransaction tx, TenantId id, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("id", id), ("now", now)], ct) == 1;

    /// <returns>False when it has children, or somebody else was first.</returns>
    internal static async ValueTask<bool> TryScheduleAsync(SystemTransaction tx, TenantId id, DateTimeOffset after, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Schedule, [("after", after), ("now", now), ("id", id)], ct) == 1;

    /// <returns>False when nobody is deleting it, or it is gone.</returns>
    internal static async ValueTask<bool> TryRestoreAsync(SystemTransaction tx, TenantId id, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Restore, [("now", now), ("id", id)], ct) == 1;

    internal static ValueTask<List<TenantId>> ListDueAsync(SystemTransaction tx, DateTimeOffset now, int limit, CancellationToken ct) =>
        tx.ListAsync(Due, [("now", now), ("limit", limit)], row => row.Id<TenantId>(0), ct);

    /// <summary>Whether its time is over, until this transaction ends.</summary>
    internal static async ValueTask<bool> HoldDueAsync(SystemTransaction tx, TenantId id, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(HoldDue, [("id", id), ("now", now)], ct) == 1;

    internal static ValueTask<List<TenantDomains.DomainView>> ListDomainsAsync(SystemTransaction tx, TenantId id, int limit, CancellationToken ct) =>
        tx.ListAsync(Domains, [("id", id), ("limit", limit)], row => new TenantDomains.DomainView(row.Text(0) + row.Text(1), row.Text(2), row.Bool(3), row.Time(4)), ct);

    internal static async ValueTask<bool> TryDeleteDomainAsync(SystemTransaction tx, TenantId id, string host, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteDomain, [("id", id), ("host", host)], ct) == 1;

    internal static ValueTask<int> DeleteDomainsAsync(SystemTransaction tx, TenantId id, CancellationToken ct) => tx.ExecuteAsync(DeleteDomains, [("id", id)], ct);

    private static async ValueTask<bool> TryChangeAsync(SystemTransaction tx, string sql, TenantRow row, object value, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(sql, [("value", value), ("now", now), ("id", row.Id), ("version", row.Version)], ct) == 1;

    private static TenantRow Read(SqlRow row) => new(row.Id<TenantId>(0), row.Text(1), row.Text(2), row.Text(3), row.IdOrNull<TenantId>(4),
        row.Text(5) == "suspended" ? TenantStatus.Suspended : TenantStatus.Active, row.Text(6), row.Long(7), row.Time(8), row.Time(9))
    {
        DeleteAfter = row.TimeOrNull(10),
    };
}
