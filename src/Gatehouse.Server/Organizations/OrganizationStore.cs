using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Organizations;

/// <summary>The SQL of organizations.</summary>
internal static class OrganizationStore
{
    internal const string Columns = "o.id, o.slug, o.display_name, o.status, o.metadata, o.version, o.created_at, o.updated_at, o.settings";

    private const string SelectById = $"SELECT {Columns} FROM organizations o WHERE o.tenant_id = @tenant AND o.id = @id";
    private const string SelectBySlug = $"SELECT {Columns} FROM organizations o WHERE o.tenant_id = @tenant AND o.slug = @slug";

    // Newest first; the cursor of the first page is the highest id.
    private const string All = $"SELECT {Columns} FROM organizations o WHERE o.tenant_id = @tenant AND o.id < @before ORDER BY o.id DESC LIMIT @limit";
    private const string OldestFirst = $"SELECT {Columns} FROM organizations o WHERE o.tenant_id = @tenant AND o.id > @after ORDER BY o.id LIMIT @limit";
    private const string ByName = $"""
        SELECT {Columns} FROM organizations o WHERE o.tenant_id = @tenant AND (o.name_key, o.id) > (@key, @after) ORDER BY o.name_key, o.id LIMIT @limit
        """;
    private const string ByNameBackwards = $"""
        SELECT {Columns} FROM organizations o WHERE o.tenant_id = @tenant AND (o.name_key, o.id) < (@key, @after) ORDER BY o.name_key DESC, o.id DESC LIMIT @limit
        """;

    // Prefixes as ranges of bytes, not LIKE: nothing to escape, and both databases use the index. UNION removes what matches twice.
    private const string Matches = """
        SELECT id FROM organizations WHERE tenant_id = @tenant AND slug >= @from AND slug < @to AND id < @before
        UNION SELECT id FROM organizations WHERE tenant_id = @tenant AND name_key >= @from AND name_key < @to AND id < @before
        """;

    private const string Search = $"""
        SELECT {Columns} FROM ({Matches}) m JOIN organizations o ON o.tenant_id = @tenant AND o.id = m.id ORDER BY o.id DESC LIMIT @limit
        """;

    private const string SearchWithStatus = $"""
        SELECT {Columns} FROM ({Matches}) m JOIN organizations o ON o.tenant_id = @tenant AND o.id = m.id AND o.status = @status ORDER BY o.id DESC LIMIT @limit
        """;

    private const string Insert = """
        INSERT INTO organizations (tenant_id, id, slug, display_name, name_key, status, metadata, settings, version, created_at, updated_at)
        VALUES (@tenant, @id, @slug, @name, @key, @status, @metadata, @settings, 1, @now, @now)
        ON CONFLICT (tenant_id, slug) DO NOTHING
        """;

    // Only over the version that was read: of two administrators editing at once, the second is told. A taken slug changes no row either.
    private const string Update = """
        UPDATE organizations SET slug = @slug, display_name = @name, name_key = @key, status = @status, metadata = @metadata, settings = @settings, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version
          AND NOT EXISTS (SELECT 1 FROM organizations other WHERE other.tenant_id = @tenant AND other.slug = @slug AND other.id <> @id)
        """;

    private const string Delete = "DELETE FROM organizations WHERE tenant_id = @tenant AND id = @id AND version = @version";

    // Changes nothing and takes the row's lock: who deletes the organization, and whoever else decides on its members, waits.
    private const string Hold = "UPDATE organizations SET status = status WHERE tenant_id = @tenant AND id = @id";

    internal static ValueTask<Organization?> FindAsync(TenantTransaction tx, OrganizationId id, CancellationToken ct) => tx.FindAsync(SelectById, [("id", id)], Read, ct);

    internal static ValueTask<Organization?> FindBySlugAsync(TenantTransaction tx, string slug, CancellationToken ct) => tx.FindAsync(SelectBySlug, [("slug", slug)], Read, ct);

    /// <summary>The next after a position, in the order that was asked for.</summary>
    internal static ValueTask<List<Organization>> ListAsync(TenantTransaction tx, ListQuery<Organization> query, ListPosition? after, int limit, CancellationToken ct)
    {
        var id = after?.Id ?? (query.Descending ? Guid.AllBitsSet : Guid.Empty);
        if (query.Sort.Name == "created_at") return query.Descending ? ListAsync(tx, null, null, id, limit, ct) : tx.ListAsync(OldestFirst, [("after", id), ("limit", limit)], Read, ct);
        return tx.ListAsync(query.Descending ? ByNameBackwards : ByName, [("key", after?.Text ?? (query.Descending ? PlainText.After("") : "")), ("after", id), ("limit", limit)], Read, ct);
    }

    /// <param name="search">Folded prefix of a slug or name, or null for all, of whatever status.</param>
    internal static ValueTask<List<Organization>> ListAsync(TenantTransaction tx, string? search, OrganizationStatus? status, Guid? before, int limit, CancellationToken ct)
    {
        var cursor = before ?? Guid.AllBitsSet;
        return (search, status) switch
        {
            (null, _) => tx.ListAsync(All, [("before", cursor), ("limit", limit)], Read, ct),
            ({ } prefix, null) => tx.ListAsync(Search, [("from", prefix), ("to", PlainText.After(prefix)), ("before", cursor), ("limit", limit)], Read, ct),
            ({ } prefix, { } wanted) => tx.ListAsync(SearchWithStatus,
                [("from", prefix), ("to", PlainText.After(prefix)), ("before", cursor), ("status", StatusText(wanted)), ("limit", limit)], Read, ct),
        };
    }

    /// <returns>False when the slug is taken.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Organization o, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", o.Id), ("slug", o.Slug), ("name", o.DisplayName), ("key", PlainText.Fold(o.DisplayName)), ("status", StatusText(o.Status)), ("metadata", new Json(o.Metadata)), ("settings", new Json(o.Settings.Write())), ("now", o.CreatedAt)], ct) == 1;

    /// <returns>False when somebody changed it meanwhile, or the slug is taken.</returns>
    internal static async ValueTask<bool> TryUpdateAsync(TenantTransaction tx, Organization o, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update,
            [("slug", o.Slug), ("name", o.DisplayName), ("key", PlainText.Fold(o.DisplayName)), ("status", StatusText(o.Status)), ("metadata", new Json(o.Metadata)), ("settings", new Json(o.Settings.Write())), ("now", now), ("id", o.Id), ("version", o.Version)], ct) == 1;

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, OrganizationId id, long version, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("id", id), ("version", version)], ct) == 1;

    internal static async ValueTask<bool> HoldAsync(TenantTransaction tx, OrganizationId id, CancellationToken ct) => await tx.ExecuteAsync(Hold, [("id", id)], ct) == 1;

    internal static string StatusText(OrganizationStatus status) => status == OrganizationStatus.Active ? "active" : "disabled";

    internal static Organization Read(SqlRow row) => new(row.Id<OrganizationId>(0), row.Text(1), row.Text(2),
        row.Text(3) == "active" ? OrganizationStatus.Active : OrganizationStatus.Disabled, row.Text(4), row.Long(5), row.Time(6), row.Time(7)) { Settings = OrganizationSettings.Read(row.Text(8)) };
}
