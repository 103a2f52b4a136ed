using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Organizations;

/// <summary>The SQL of memberships.</summary>
internal static class MemberStore
{
    private const string Insert = """
        INSERT INTO organization_members (tenant_id, organization_id, user_id, joined_at) VALUES (@tenant, @organization, @user, @now)
        ON CONFLICT (tenant_id, organization_id, user_id) DO NOTHING
        """;

    private const string Delete = "DELETE FROM organization_members WHERE tenant_id = @tenant AND organization_id = @organization AND user_id = @user";

    private const string DeleteOfUser = "DELETE FROM organization_members WHERE tenant_id = @tenant AND user_id = @user RETURNING organization_id";

    private const string Select = """
        SELECT organization_id, user_id, joined_at FROM organization_members WHERE tenant_id = @tenant AND organization_id = @organization AND user_id = @user
        """;

    // Newest users first; the cursor of the first page is the highest id.
    private const string SelectPage = """
        SELECT organization_id, user_id, joined_at FROM organization_members
        WHERE tenant_id = @tenant AND organization_id = @organization AND user_id < @before ORDER BY user_id DESC LIMIT @limit
        """;

    private const string SelectOldest = """
        SELECT organization_id, user_id, joined_at FROM organization_members
        WHERE tenant_id = @tenant AND organization_id = @organization AND user_id > @after ORDER BY user_id LIMIT @limit
        """;

    // A user's organizations, by her own index, oldest first: an order that does not change under her hands.
    private const string SelectOfUser = $"""
        SELECT {OrganizationStore.Columns} FROM organization_members m
        JOIN organizations o ON o.tenant_id = @tenant AND o.id = m.organization_id
        WHERE m.tenant_id = @tenant AND m.user_id = @user ORDER BY o.id LIMIT @limit
        """;

    private const string SelectActive = $"""
        SELECT {OrganizationStore.Columns} FROM organization_members m
        JOIN organizations o ON o.tenant_id = @tenant AND o.id = m.organization_id AND o.status = 'active'
        WHERE m.tenant_id = @tenant AND m.user_id = @user AND m.organization_id = @organization
        """;

    private const string CountOfUser = "SELECT count(*) FROM organization_members WHERE tenant_id = @tenant AND user_id = @user";

    private const string CountMembers = "SELECT count(*) FROM organization_members WHERE tenant_id = @tenant AND organization_id = @organization";

    /// <returns>False when she is a member.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, OrganizationId organization, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("organization", organization), ("user", user), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("organization", organization), ("user", user)], ct) == 1;

    internal static ValueTask<List<OrganizationId>> DeleteOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.ListAsync(DeleteOfUser, [("user", user)], row => row.Id<OrganizationId>(0), ct);

    internal static ValueTask<Member?> FindAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct) =>
        tx.FindAsync(Select, [("organization", organization), ("user", user)], Read, ct);

    internal static ValueTask<List<Member>> ListAsync(TenantTransaction tx, OrganizationId organization, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectPage, [("organization", organization), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    internal static ValueTask<List<Member>> ListOldestAsync(TenantTransaction tx, OrganizationId organization, Guid? after, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectOldest, [("organization", organization), ("after", after ?? Guid.Empty), ("limit", limit)], Read, ct);

    internal static ValueTask<List<Organization>> ListOfUserAsync(TenantTransaction tx, UserId user, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectOfUser, [("user", user), ("limit", limit)], OrganizationStore.Read, ct);

    internal static ValueTask<Organization?> FindActiveAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct) =>
        tx.FindAsync(SelectActive, [("user", user), ("organization", organization)], OrganizationStore.Read, ct);

    internal static async ValueTask<long> CountOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.FindValueAsync(CountOfUser, [("user", user)], row => row.Long(0), ct) ?? 0;

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, OrganizationId organization, CancellationToken ct) =>
        await tx.FindValueAsync(CountMembers, [("organization", organization)], row => row.Long(0), ct) ?? 0;

    private static Member Read(SqlRow row) => new(row.Id<OrganizationId>(0), row.Id<UserId>(1), row.Time(2));
}
