using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users.Visibility;

namespace Gatehouse.Organizations;

/// <summary><c>users.visibility</c> <c>organization</c>: whoever belongs to an active organization that the viewer belongs to, now.</summary>
internal sealed class SeeOrganizations : IVisibleUsers
{
    // The one condition, read from the viewer's own memberships on: whoever shares none with her costs nothing.
    private const string Shared = """
        FROM organization_members mine
        JOIN organizations o ON o.tenant_id = @tenant AND o.id = mine.organization_id AND o.status = 'active'
        JOIN organization_members theirs ON theirs.tenant_id = @tenant AND theirs.organization_id = mine.organization_id
        WHERE mine.tenant_id = @tenant AND mine.user_id = @viewer
        """;

    private const string Next = $"SELECT DISTINCT theirs.user_id {Shared} AND theirs.user_id > @after ORDER BY theirs.user_id LIMIT @limit";
    private const string One = $"SELECT theirs.user_id {Shared} AND theirs.user_id = @user LIMIT 1";

    public string Level => UserSettings.SeesOrganization;

    public async ValueTask<List<UserId>> ListAsync(TenantTransaction tx, UserId viewer, Guid after, int limit, CancellationToken ct)
    {
        var seen = await tx.ListAsync(Next, [("viewer", viewer), ("after", after), ("limit", limit)], row => row.Id<UserId>(0), ct);
        if (viewer.Value.CompareTo(after) <= 0 || seen.Contains(viewer)) return seen;
        // Who belongs to nothing sees herself.
        seen.Add(viewer);
        return [.. seen.OrderBy(u => u.Value).Take(limit)];
    }

    public async ValueTask<bool> SeesAsync(TenantTransaction tx, UserId viewer, UserId user, CancellationToken ct) =>
        await tx.FindValueAsync(One, [("viewer", viewer), ("user", user)], row => row.Guid(0), ct) is not null || viewer == user;
}
