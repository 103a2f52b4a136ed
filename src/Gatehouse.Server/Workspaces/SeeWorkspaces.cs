using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users.Visibility;

namespace Gatehouse.Workspaces;

/// <summary>Level <c>workspace</c> of <c>users.visibility</c>: who belongs to an active workspace that the viewer belongs to; one of a disabled organization counts for nothing.</summary>
internal sealed class SeeWorkspaces(OrganizationDirectory organizations) : IVisibleUsers
{
    // Read from the viewer's own memberships on, as in organizations: whoever shares none with her costs nothing.
    private const string Mine = """
        FROM workspace_members mine
        JOIN workspaces w ON w.tenant_id = @tenant AND w.id = mine.workspace_id AND w.status = 'active'
        """;

    private const string Shared = $"{Mine} JOIN workspace_members theirs ON theirs.tenant_id = @tenant AND theirs.workspace_id = mine.workspace_id";

    private const string Owners = $"SELECT DISTINCT w.owner_id {Mine} WHERE mine.tenant_id = @tenant AND mine.user_id = @viewer";
    private const string SharedOwners = $"SELECT DISTINCT w.owner_id {Shared} WHERE mine.tenant_id = @tenant AND mine.user_id = @viewer AND theirs.user_id = @user";
    private const string Next = $"""
        SELECT DISTINCT theirs.user_id {Shared} WHERE mine.tenant_id = @tenant AND mine.user_id = @viewer AND w.owner_id = @owner AND theirs.user_id > @after
        ORDER BY theirs.user_id LIMIT @limit
        """;

    public string Level => UserSettings.SeesWorkspace;

    public async ValueTask<List<UserId>> ListAsync(TenantTransaction tx, UserId viewer, Guid after, int limit, CancellationToken ct)
    {
        HashSet<UserId> seen = [];
        // Of each owner the first so many: together they hold the first so many of all.
        foreach (var owner in await tx.ListAsync(Owners, [("viewer", viewer)], row => row.Guid(0), ct))
            if (await CountsAsync(tx, owner, ct)) seen.UnionWith(await tx.ListAsync(Next, [("viewer", viewer), ("owner", owner), ("after", after), ("limit", limit)], row => row.Id<UserId>(0), ct));
        // Who belongs to nothing sees herself.
        if (viewer.Value.CompareTo(after) > 0) seen.Add(viewer);
        return [.. seen.OrderBy(u => u.Value).Take(limit)];
    }

    public async ValueTask<bool> SeesAsync(TenantTransaction tx, UserId viewer, UserId user, CancellationToken ct)
    {
        if (viewer == user) return true;
        foreach (var owner in await tx.ListAsync(SharedOwners, [("viewer", viewer), ("user", user)], row => row.Guid(0), ct)) if (await CountsAsync(tx, owner, ct)) return true;
        return false;
    }

    private async ValueTask<bool> CountsAsync(TenantTransaction tx, Guid owner, CancellationToken ct) =>
        WorkspaceStore.OwnerOf(owner) is not { } organization || await organizations.FindAsync(tx, organization, ct) is { Status: OrganizationStatus.Active };
}
