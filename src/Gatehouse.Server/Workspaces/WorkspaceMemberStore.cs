using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Workspaces;

/// <summary>The SQL of memberships.</summary>
internal static class WorkspaceMemberStore
{
    private const string Insert = """
        INSERT INTO workspace_members (tenant_id, workspace_id, user_id, joined_at) VALUES (@tenant, @workspace, @user, @now)
        ON CONFLICT (tenant_id, workspace_id, user_id) DO NOTHING
        """;

    private const string Delete = "DELETE FROM workspace_members WHERE tenant_id = @tenant AND workspace_id = @workspace AND user_id = @user";
    private const string DeleteOfUser = "DELETE FROM workspace_members WHERE tenant_id = @tenant AND user_id = @user RETURNING workspace_id";
    private const string DeleteOfOwned = """
        DELETE FROM workspace_members WHERE tenant_id = @tenant AND user_id = @user
          AND workspace_id IN (SELECT w.id FROM workspaces w WHERE w.tenant_id = @tenant AND w.owner_id = @owner)
        RETURNING workspace_id
        """;

    private const string Select = "SELECT workspace_id, user_id, joined_at FROM workspace_members WHERE tenant_id = @tenant AND workspace_id = @workspace AND user_id = @user";

    private const string NewestFirst = """
        SELECT workspace_id, user_id, joined_at FROM workspace_members
        WHERE tenant_id = @tenant AND workspace_id = @workspace AND (joined_at, user_id) < (@key, @after) ORDER BY joined_at DESC, user_id DESC LIMIT @limit
        """;
    private const string OldestFirst = """
        SELECT workspace_id, user_id, joined_at FROM workspace_members
        WHERE tenant_id = @tenant AND workspace_id = @workspace AND (joined_at, user_id) > (@key, @after) ORDER BY joined_at, user_id LIMIT @limit
        """;

    private const string SelectOfUser = $"""
        SELECT {WorkspaceStore.Columns} FROM workspace_members m
        JOIN workspaces w ON w.tenant_id = @tenant AND w.id = m.workspace_id
        WHERE m.tenant_id = @tenant AND m.user_id = @user ORDER BY w.id LIMIT @limit
        """;

    private const string CountOf = "SELECT count(*) FROM workspace_members WHERE tenant_id = @tenant AND workspace_id = @workspace";
    private const string CountOfUser = "SELECT count(*) FROM workspace_members WHERE tenant_id = @tenant AND user_id = @user";

    private static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero), Always = DateTimeOffset.UnixEpoch;

    /// <returns>False when she is a member.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, WorkspaceId workspace, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("workspace", workspace), ("user", user), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, WorkspaceId workspace, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("workspace", workspace), ("user", user)], ct) == 1;

    internal static ValueTask<List<WorkspaceId>> DeleteOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.ListAsync(DeleteOfUser, [("user", user)], row => row.Id<WorkspaceId>(0), ct);

    /// <summary>Of all workspaces of one organization.</summary>
    internal static ValueTask<List<WorkspaceId>> DeleteOfUserAsync(TenantTransaction tx, OrganizationId owner, UserId user, CancellationToken ct) =>
        tx.ListAsync(DeleteOfOwned, [("user", user), ("owner", owner.Value)], row => row.Id<WorkspaceId>(0), ct);

    internal static ValueTask<WorkspaceMember?> FindAsync(TenantTransaction tx, WorkspaceId workspace, UserId user, CancellationToken ct) =>
        tx.FindAsync(Select, [("workspace", workspace), ("user", user)], Read, ct);

    internal static ValueTask<List<WorkspaceMember>> ListAsync(TenantTransaction tx, WorkspaceId workspace, bool descending, ListPosition? after, int limit, CancellationToken ct) =>
        tx.ListAsync(descending ? NewestFirst : OldestFirst,
            [("workspace", workspace), ("key", after?.Time ?? (descending ? Never : Always)), ("after", after?.Id ?? (descending ? Guid.AllBitsSet : Guid.Empty)), ("limit", limit)], Read, ct);

    internal static ValueTask<List<Workspace>> ListOfUserAsync(TenantTransaction tx, UserId user, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectOfUser, [("user", user), ("limit", limit)], WorkspaceStore.Read, ct);

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, WorkspaceId workspace, CancellationToken ct) =>
        await tx.FindValueAsync(CountOf, [("workspace", workspace)], row => row.Long(0), ct) ?? 0;

    internal static async ValueTask<long> CountOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.FindValueAsync(CountOfUser, [("user", user)], row => row.Long(0), ct) ?? 0;

    private static WorkspaceMember Read(SqlRow row) => new(row.Id<WorkspaceId>(0), row.Id<UserId>(1), row.Time(2));
}
