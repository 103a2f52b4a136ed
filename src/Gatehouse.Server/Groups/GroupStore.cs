using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Groups;

/// <summary>The SQL of groups, who is in them and which hold which.</summary>
internal static class GroupStore
{
    private const string Columns = "id, owner_id, name, description, version, created_at, updated_at";

    private const string Select = $"SELECT {Columns} FROM groups WHERE tenant_id = @tenant AND id = @id";
    private const string ListAll = $"SELECT {Columns} FROM groups WHERE tenant_id = @tenant AND id < @before ORDER BY id DESC LIMIT @limit";
    private const string ListOwned = $"SELECT {Columns} FROM groups WHERE tenant_id = @tenant AND owner_id = @owner AND id < @before ORDER BY id DESC LIMIT @limit";
    private const string ListAllOldest = $"SELECT {Columns} FROM groups WHERE tenant_id = @tenant AND id > @after ORDER BY id LIMIT @limit";
    private const string ListOwnedOldest = $"SELECT {Columns} FROM groups WHERE tenant_id = @tenant AND owner_id = @owner AND id > @after ORDER BY id LIMIT @limit";
    private const string Count = "SELECT count(*) FROM groups WHERE tenant_id = @tenant";

    private const string Insert = """
        INSERT INTO groups (tenant_id, id, owner_id, name, name_key, description, version, created_at, updated_at)
        VALUES (@tenant, @id, @owner, @name, @key, @description, 1, @now, @now)
        ON CONFLICT (tenant_id, owner_id, name_key) DO NOTHING
        """;

    // The name's uniqueness is asked in the same statement: an index that refuses would end the whole transaction on PostgreSQL.
    private const string Update = """
        UPDATE groups SET name = @name, name_key = @key, description = @description, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version
          AND NOT EXISTS (SELECT 1 FROM groups o WHERE o.tenant_id = @tenant AND o.owner_id = @owner AND o.name_key = @key AND o.id <> @id)
        """;

    private const string Delete = "DELETE FROM groups WHERE tenant_id = @tenant AND id = @id";
    private const string DeleteOwned = "DELETE FROM groups WHERE tenant_id = @tenant AND owner_id = @owner";
    private const string ListOwnedIds = "SELECT id FROM groups WHERE tenant_id = @tenant AND owner_id = @owner ORDER BY id LIMIT 10000";

    // Whoever is in it both ways was put there by somebody.
    private const string ListMembers = """
        SELECT user_id, added_at, how FROM (
          SELECT user_id, added_at, 'hand' AS how FROM group_members WHERE tenant_id = @tenant AND group_id = @group AND user_id < @before
          UNION ALL SELECT r.user_id, r.added_at, 'rule' FROM group_rule_members r WHERE r.tenant_id = @tenant AND r.group_id = @group AND r.user_id < @before
            AND NOT EXISTS (SELECT 1 FROM group_members h WHERE h.tenant_id = @tenant AND h.group_id = @group AND h.user_id = r.user_id)
          ) m ORDER BY user_id DESC LIMIT @limit
        """;
    private const string AddMember = "INSERT INTO group_members (tenant_id, group_id, user_id, added_at) VALUES (@tenant, @group, @user, @now) ON CONFLICT (tenant_id, group_id, user_id) DO NOTHING";
    private const string RemoveMember = "DELETE FROM group_members WHERE tenant_id = @tenant AND group_id = @group AND user_id = @user";
    private const string CountOfUser = "SELECT count(*) FROM group_members WHERE tenant_id = @tenant AND user_id = @user";

    private const string RemoveFromOwned = """
        DELETE FROM group_members WHERE tenant_id = @tenant AND user_id = @user
          AND group_id IN (SELECT g.id FROM groups g WHERE g.tenant_id = @tenant AND g.owner_id = @owner)
        """;

    // At most two hundred by hand and one hundred by rule.
    private const string ListDirect = """
        SELECT group_id FROM group_members WHERE tenant_id = @tenant AND user_id = @user
        UNION SELECT group_id FROM group_rule_members WHERE tenant_id = @tenant AND user_id = @user
        ORDER BY group_id LIMIT 1000
        """;

    // At most fifty above any group, since nesting refuses more; walked a level at a time, so that neither database's recursion is needed.
    private const string ListOuter = "SELECT outer_id FROM group_nestings WHERE tenant_id = @tenant AND inner_id = @group ORDER BY outer_id";
    private const string ListInner = "SELECT inner_id FROM group_nestings WHERE tenant_id = @tenant AND outer_id = @group ORDER BY inner_id LIMIT 1000";
    private const string ListNestings = "SELECT outer_id, inner_id FROM group_nestings WHERE tenant_id = @tenant ORDER BY outer_id, inner_id LIMIT @limit";
    private const string Nest = "INSERT INTO group_nestings (tenant_id, outer_id, inner_id, added_at) VALUES (@tenant, @outer, @inner, @now) ON CONFLICT (tenant_id, outer_id, inner_id) DO NOTHING";
    private const string Unnest = "DELETE FROM group_nestings WHERE tenant_id = @tenant AND outer_id = @outer AND inner_id = @inner";

    private const string TakeTurn = """
        INSERT INTO group_turns (tenant_id, turn) VALUES (@tenant, 1)
        ON CONFLICT (tenant_id) DO UPDATE SET turn = group_turns.turn + 1
        """;

    internal static ValueTask<Group?> FindAsync(TenantTransaction tx, GroupId id, CancellationToken ct) => tx.FindAsync(Select, [("id", id)], Read, ct);

    /// <param name="owner">Of one organization; null: all of the tenant.</param>
    internal static ValueTask<List<Group>> ListAsync(TenantTransaction tx, OrganizationId? owner, bool descending, Guid? after, int limit, CancellationToken ct)
    {
        var id = after ?? (descending ? Guid.AllBitsSet : Guid.Empty);
        return (owner, descending) switch
        {
            (null, true) => tx.ListAsync(ListAll, [("before", id), ("limit", limit)], Read, ct),
            (null, false) => tx.ListAsync(ListAllOldest, [("after", id), ("limit", limit)], Read, ct),
            ({ } of, true) => tx.ListAsync(ListOwned, [("owner", Owner(of)), ("before", id), ("limit", limit)], Read, ct),
            ({ } of, false) => tx.ListAsync(ListOwnedOldest, [("owner", Owner(of)), ("after", id), ("limit", limit)], Read, ct),
        };
    }

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, CancellationToken ct) => await tx.FindValueAsync(Count, [], row => row.Long(0), ct) ?? 0;

    /// <returns>False when the name is taken.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Group group, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("id", group.Id), ("owner", Owner(group.Organization)), ("name", group.Name), ("key", PlainText.Fold(group.Name)), ("description", group.Description), ("now", group.CreatedAt)], ct) == 1;

    /// <returns>False when it was changed since it was read, or the name is taken.</returns>
    internal static async ValueTask<bool> TryUpdateAsync(TenantTransaction tx, Group group, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update, [("name", group.Name), ("key", PlainText.Fold(group.Name)), ("description", group.Description), ("now", now), ("id", group.Id), ("version", group.Version), ("owner", Owner(group.Organization))], ct) == 1;

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, GroupId id, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("id", id)], ct) == 1;

    internal static ValueTask<List<GroupId>> ListOwnedIdsAsync(TenantTransaction tx, OrganizationId owner, CancellationToken ct) => tx.ListAsync(ListOwnedIds, [("owner", owner.Value)], row => row.Id<GroupId>(0), ct);

    internal static ValueTask<int> DeleteOwnedAsync(TenantTransaction tx, OrganizationId owner, CancellationToken ct) => tx.ExecuteAsync(DeleteOwned, [("owner", owner.Value)], ct);

    internal static ValueTask<List<GroupMemberView>> ListMembersAsync(TenantTransaction tx, GroupId group, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(ListMembers, [("group", group), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], row => new GroupMemberView(row.Id<UserId>(0), row.Time(1), row.Text(2)), ct);

    internal static async ValueTask<bool> TryAddMemberAsync(TenantTransaction tx, GroupId group, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(AddMember, [("group", group), ("user", user), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> TryRemoveMemberAsync(TenantTransaction tx, GroupId group, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(RemoveMember, [("group", group), ("user", user)], ct) == 1;

    internal static ValueTask<int> RemoveFromOwnedAsync(TenantTransaction tx, OrganizationId owner, UserId user, CancellationToken ct) =>
        tx.ExecuteAsync(RemoveFromOwned, [("user", user), ("owner", owner.Value)], ct);

    internal static async ValueTask<long> CountOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.FindValueAsync(CountOfUser, [("user", user)], row => row.Long(0), ct) ?? 0;

    internal static ValueTask<List<GroupId>> ListDirectAsync(TenantTransaction tx, UserId user, CancellationToken ct) => tx.ListAsync(ListDirect, [("user", user)], row => row.Id<GroupId>(0), ct);

    internal static ValueTask<List<GroupId>> ListOuterAsync(TenantTransaction tx, GroupId group, CancellationToken ct) => tx.ListAsync(ListOuter, [("group", group)], row => row.Id<GroupId>(0), ct);

    internal static ValueTask<List<GroupId>> ListInnerAsync(TenantTransaction tx, GroupId group, CancellationToken ct) => tx.ListAsync(ListInner, [("group", group)], row => row.Id<GroupId>(0), ct);

    internal static ValueTask<List<(GroupId Outer, GroupId Inner)>> ListNestingsAsync(TenantTransaction tx, int limit, CancellationToken ct) =>
        tx.ListAsync(ListNestings, [("limit", limit)], row => (row.Id<GroupId>(0), row.Id<GroupId>(1)), ct);

    internal static async ValueTask<bool> TryNestAsync(TenantTransaction tx, GroupId outer, GroupId inner, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Nest, [("outer", outer), ("inner", inner), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> TryUnnestAsync(TenantTransaction tx, GroupId outer, GroupId inner, CancellationToken ct) =>
        await tx.ExecuteAsync(Unnest, [("outer", outer), ("inner", inner)], ct) == 1;

    /// <summary>Nobody else changes which groups hold which until this transaction ends.</summary>
    internal static ValueTask<int> TakeTurnAsync(TenantTransaction tx, CancellationToken ct) => tx.ExecuteAsync(TakeTurn, [], ct);

    private static Guid Owner(OrganizationId? organization) => organization?.Value ?? Guid.Empty;

    private static Group Read(SqlRow row) =>
        new(row.Id<GroupId>(0), row.Guid(1) is var owner && owner == Guid.Empty ? null : new OrganizationId(owner), row.Text(2), row.Text(3), row.Long(4), row.Time(5), row.Time(6));
}
