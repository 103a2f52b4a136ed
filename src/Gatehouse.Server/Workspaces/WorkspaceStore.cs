using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Workspaces;

/// <summary>The SQL of workspaces.</summary>
internal static class WorkspaceStore
{
    internal const string Columns = "w.id, w.owner_id, w.personal_of, w.slug, w.name, w.description, w.status, w.metadata, w.settings, w.version, w.created_at, w.updated_at, w.archived_at";

    private const string SelectById = $"SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND w.id = @id";
    private const string SelectPersonal = $"SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND w.personal_of = @user";
    private const string SelectSlug = "SELECT id FROM workspaces WHERE tenant_id = @tenant AND owner_id = @owner AND slug = @slug";
    private const string SelectOwned = $"SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND w.owner_id = @owner AND w.id > @after ORDER BY w.id LIMIT @limit";
    private const string CountOwned = "SELECT count(*) FROM workspaces WHERE tenant_id = @tenant AND owner_id = @owner AND personal_of IS NULL";

    // One statement for each order and direction: where the page begins is a bound of the order's index.
    private const string NewestFirst = $"SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND (w.created_at, w.id) < (@key, @after) ORDER BY w.created_at DESC, w.id DESC LIMIT @limit";
    private const string OldestFirst = $"SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND (w.created_at, w.id) > (@key, @after) ORDER BY w.created_at, w.id LIMIT @limit";
    private const string ByName = $"SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND (w.name_key, w.id) > (@key, @after) ORDER BY w.name_key, w.id LIMIT @limit";
    private const string ByNameBackwards = $"SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND (w.name_key, w.id) < (@key, @after) ORDER BY w.name_key DESC, w.id DESC LIMIT @limit";
    private const string OwnedNewestFirst = $"""
        SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND w.owner_id = @owner AND (w.created_at, w.id) < (@key, @after) ORDER BY w.created_at DESC, w.id DESC LIMIT @limit
        """;
    private const string OwnedOldestFirst = $"""
        SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND w.owner_id = @owner AND (w.created_at, w.id) > (@key, @after) ORDER BY w.created_at, w.id LIMIT @limit
        """;
    private const string OwnedByName = $"""
        SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND w.owner_id = @owner AND (w.name_key, w.id) > (@key, @after) ORDER BY w.name_key, w.id LIMIT @limit
        """;
    private const string OwnedByNameBackwards = $"""
        SELECT {Columns} FROM workspaces w WHERE w.tenant_id = @tenant AND w.owner_id = @owner AND (w.name_key, w.id) < (@key, @after) ORDER BY w.name_key DESC, w.id DESC LIMIT @limit
        """;

    // Of many that make the personal workspace of one user at once, one does: its index decides.
    private const string Insert = """
        INSERT INTO workspaces (tenant_id, id, owner_id, personal_of, slug, name, name_key, description, status, metadata, settings, version, created_at, updated_at)
        VALUES (@tenant, @id, @owner, @personal, @slug, @name, @key, @description, 'active', @metadata, @settings, 1, @now, @now)
        ON CONFLICT DO NOTHING
        """;

    // Only over the version that was read. A taken slug changes no row either.
    private const string Update = """
        UPDATE workspaces SET slug = @slug, name = @name, name_key = @key, description = @description, status = @status, metadata = @metadata, settings = @settings, version = version + 1,
          updated_at = @now, archived_at = @archived
        WHERE tenant_id = @tenant AND id = @id AND version = @version
          AND NOT EXISTS (SELECT 1 FROM workspaces other WHERE other.tenant_id = @tenant AND other.owner_id = @owner AND other.slug = @slug AND other.id <> @id)
        """;

    private const string Delete = "DELETE FROM workspaces WHERE tenant_id = @tenant AND id = @id";

    // Changes nothing and takes the row's lock: who deletes or archives it, and whoever else decides on its members, waits.
    private const string Hold = "UPDATE workspaces SET status = status WHERE tenant_id = @tenant AND id = @id";

    private static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero), Always = DateTimeOffset.UnixEpoch;

    internal static ValueTask<Workspace?> FindAsync(TenantTransaction tx, WorkspaceId id, CancellationToken ct) => tx.FindAsync(SelectById, [("id", id)], Read, ct);

    internal static ValueTask<Workspace?> FindPersonalAsync(TenantTransaction tx, UserId user, CancellationToken ct) => tx.FindAsync(SelectPersonal, [("user", user)], Read, ct);

    internal static async ValueTask<bool> IsSlugTakenAsync(TenantTransaction tx, OrganizationId? owner, string slug, WorkspaceId by, CancellationToken ct) =>
        await tx.FindValueAsync(SelectSlug, [("owner", Owner(owner)), ("slug", slug)], row => row.Id<WorkspaceId>(0), ct) is { } found && found != by;

    internal static ValueTask<List<Workspace>> ListOwnedAsync(TenantTransaction tx, OrganizationId owner, Guid after, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectOwned, [("owner", owner.Value), ("after", after), ("limit", limit)], Read, ct);

    internal static async ValueTask<long> CountOwnedAsync(TenantTransaction tx, OrganizationId? owner, CancellationToken ct) =>
        await tx.FindValueAsync(CountOwned, [("owner", Owner(owner))], row => row.Long(0), ct) ?? 0;

    /// <param name="owner">Of one organization; null: all of the tenant.</param>
    internal static ValueTask<List<Workspace>> ListAsync(TenantTransaction tx, OrganizationId? owner, ListQuery<Workspace> query, ListPosition? after, int limit, CancellationToken ct)
    {
        var id = after?.Id ?? (query.Descending ? Guid.AllBitsSet : Guid.Empty);
        if (query.Sort.Name == "name")
        {
            var name = after?.Text ?? (query.Descending ? PlainText.After("") : "");
            return owner is { } of ? tx.ListAsync(query.Descending ? OwnedByNameBackwards : OwnedByName, [("owner", of.Value), ("key", name), ("after", id), ("limit", limit)], Read, ct)
                : tx.ListAsync(query.Descending ? ByNameBackwards : ByName, [("key", name), ("after", id), ("limit", limit)], Read, ct);
        }
        var time = after?.Time ?? (query.Descending ? Never : Always);
        return owner is { } whose ? tx.ListAsync(query.Descending ? OwnedNewestFirst : OwnedOldestFirst, [("owner", whose.Value), ("key", time), ("after", id), ("limit", limit)], Read, ct)
            : tx.ListAsync(query.Descending ? NewestFirst : OldestFirst, [("key", time), ("after", id), ("limit", limit)], Read, ct);
    }

    /// <returns>False when the slug is taken, or its user has a personal one.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Workspace w, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", w.Id), ("owner", Owner(w.Organization)), ("personal", w.PersonalOf), ("slug", w.Slug), ("name", w.Name), ("key", PlainText.Fold(w.Name)), ("description", w.Description),
             ("metadata", new Json(w.Metadata)), ("settings", new Json(w.Settings.Write())), ("now", w.CreatedAt)], ct) == 1;

    /// <returns>False when somebody changed it meanwhile, or the slug is taken.</returns>
    internal static async ValueTask<bool> TryUpdateAsync(TenantTransaction tx, Workspace w, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update,
            [("slug", w.Slug), ("name", w.Name), ("key", PlainText.Fold(w.Name)), ("description", w.Description), ("status", StatusText(w.Status)), ("metadata", new Json(w.Metadata)),
             ("settings", new Json(w.Settings.Write())), ("now", now), ("archived", w.ArchivedAt), ("id", w.Id), ("version", w.Version), ("owner", Owner(w.Organization))], ct) == 1;

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, WorkspaceId id, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("id", id)], ct) == 1;

    internal static async ValueTask<bool> HoldAsync(TenantTransaction tx, WorkspaceId id, CancellationToken ct) => await tx.ExecuteAsync(Hold, [("id", id)], ct) == 1;

    internal static string StatusText(WorkspaceStatus status) => status == WorkspaceStatus.Active ? "active" : "archived";

    internal static Guid Owner(OrganizationId? organization) => organization?.Value ?? Guid.Empty;

    internal static OrganizationId? OwnerOf(Guid owner) => owner == Guid.Empty ? null : new OrganizationId(owner);

    internal static Workspace Read(SqlRow row) => new(row.Id<WorkspaceId>(0), OwnerOf(row.Guid(1)), row.IdOrNull<UserId>(2), row.Text(3), row.Text(4), row.Text(5),
        row.Text(6) == "active" ? WorkspaceStatus.Active : WorkspaceStatus.Archived, row.Text(7), WorkspaceSettings.Read(row.Text(8)), row.Long(9), row.Time(10), row.Time(11), row.TimeOrNull(12));
}
