using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Workspaces.Templates;

/// <summary>The SQL of templates.</summary>
internal static class TemplateStore
{
    private const string Columns = "id, owner_id, name, description, document, version, created_at, updated_at";

    private const string Select = $"SELECT {Columns} FROM workspace_templates WHERE tenant_id = @tenant AND id = @id";
    private const string ListOwned = $"SELECT {Columns} FROM workspace_templates WHERE tenant_id = @tenant AND owner_id = @owner AND id < @before ORDER BY id DESC LIMIT @limit";
    private const string CountOwned = "SELECT count(*) FROM workspace_templates WHERE tenant_id = @tenant AND owner_id = @owner";

    private const string Insert = """
        INSERT INTO workspace_templates (tenant_id, id, owner_id, name, name_key, description, document, version, created_at, updated_at)
        VALUES (@tenant, @id, @owner, @name, @key, @description, @document, 1, @now, @now)
        ON CONFLICT (tenant_id, owner_id, name_key) DO NOTHING
        """;

    private const string Update = """
        UPDATE workspace_templates SET name = @name, name_key = @key, description = @description, document = @document, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version
          AND NOT EXISTS (SELECT 1 FROM workspace_templates o WHERE o.tenant_id = @tenant AND o.owner_id = @owner AND o.name_key = @key AND o.id <> @id)
        """;

    private const string Delete = "DELETE FROM workspace_templates WHERE tenant_id = @tenant AND id = @id AND version = @version";
    private const string DeleteOwned = "DELETE FROM workspace_templates WHERE tenant_id = @tenant AND owner_id = @owner";

    internal static ValueTask<WorkspaceTemplate?> FindAsync(TenantTransaction tx, WorkspaceTemplateId id, CancellationToken ct) => tx.FindAsync(Select, [("id", id)], Read, ct);

    internal static ValueTask<List<WorkspaceTemplate>> ListOwnedAsync(TenantTransaction tx, OrganizationId? owner, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(ListOwned, [("owner", WorkspaceStore.Owner(owner)), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    internal static async ValueTask<long> CountOwnedAsync(TenantTransaction tx, OrganizationId? owner, CancellationToken ct) =>
        await tx.FindValueAsync(CountOwned, [("owner", WorkspaceStore.Owner(owner))], row => row.Long(0), ct) ?? 0;

    /// <returns>False when the name is taken.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, WorkspaceTemplate t, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", t.Id), ("owner", WorkspaceStore.Owner(t.Organization)), ("name", t.Name), ("key", PlainText.Fold(t.Name)), ("description", t.Description), ("document", new Json(t.Content.Write())), ("now", t.CreatedAt)], ct) == 1;

    /// <returns>False when it was changed since it was read, or the name is taken.</returns>
    internal static async ValueTask<bool> TryUpdateAsync(TenantTransaction tx, WorkspaceTemplate t, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update,
            [("name", t.Name), ("key", PlainText.Fold(t.Name)), ("description", t.Description), ("document", new Json(t.Content.Write())), ("now", now), ("id", t.Id), ("version", t.Version), ("owner", WorkspaceStore.Owner(t.Organization))], ct) == 1;

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, WorkspaceTemplate t, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("id", t.Id), ("version", t.Version)], ct) == 1;

    internal static ValueTask<int> DeleteOwnedAsync(TenantTransaction tx, OrganizationId owner, CancellationToken ct) => tx.ExecuteAsync(DeleteOwned, [("owner", owner.Value)], ct);

    private static WorkspaceTemplate Read(SqlRow row) =>
        new(row.Id<WorkspaceTemplateId>(0), WorkspaceStore.OwnerOf(row.Guid(1)), row.Text(2), row.Text(3), TemplateContent.Read(row.Text(4)), row.Long(5), row.Time(6), row.Time(7));
}
