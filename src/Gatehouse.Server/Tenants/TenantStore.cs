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
    private const string Columns = "t.id, t.slug, t.display_name, t.issuer, t.parent_id, t.status, t.settings, t.version, t.created_at, t.updated_at";

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

    private const string BySlug = $"SELECT {Columns} FROM tenants t WHERE t.slug = @slug AND t.deleted_at IS NULL";
    private const string ById = $"SELECT {Columns} FROM tenants t WHERE t.id = @id AND t.deleted_at IS NULL";

    // The empty id sorts before every other, so one statement serves the first page too.
    private const string Active = "SELECT t.id FROM tenants t WHERE t.id > @after AND t.status = 'active' AND t.deleted_at IS NULL ORDER BY t.id LIMIT @limit";
    private const string Any = "SELECT 1 FROM tenants LIMIT 1";

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

    internal static ValueTask<TenantRow?> FindBySlugAsync(SystemTransaction tx, string slug, CancellationToken ct) =>
        tx.FindAsync(BySlug, [("slug", slug)], Read, ct);

    internal static ValueTask<TenantRow?> FindAsync(SystemTransaction tx, TenantId id, CancellationToken ct) =>
        tx.FindAsync(ById, [("id", id)], Read, ct);

    internal static ValueTask<List<TenantId>> ListActiveAsync(SystemTransaction tx, TenantId? after, int limit, CancellationToken ct) =>
        tx.ListAsync(Active, [("after", after?.Value ?? Guid.Empty), ("limit", limit)], row => row.Id<TenantId>(0), ct);

    internal static async ValueTask<bool> AnyAsync(SystemTransaction tx, CancellationToken ct) =>
        await tx.FindValueAsync(Any, [], row => row.Long(0), ct) is not null;

    private static TenantRow Read(SqlRow row) => new(row.Id<TenantId>(0), row.Text(1), row.Text(2), row.Text(3), row.IdOrNull<TenantId>(4),
        row.Text(5) == "suspended" ? TenantStatus.Suspended : TenantStatus.Active, row.Text(6), row.Long(7), row.Time(8), row.Time(9));
}
