using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>
/// The SQL of lists of users. Each statement first picks the page's ids on the index of its order, then joins their addresses and numbers, so that a
/// page costs one round trip whatever the tenant holds.
/// </summary>
internal static class UserList
{
    private const string Joined = $"""
        JOIN users u ON u.tenant_id = @tenant AND u.id = p.id
        {UserStore.Ways}
        """;

    // One statement for each order and direction: the position after which the page begins is a bound of the index, and so is its end.
    private const string NewestFirst = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND (created_at, id) < (@key, @after) ORDER BY created_at DESC, id DESC LIMIT @limit) p
        {Joined}
        ORDER BY u.created_at DESC, u.id DESC, e.id, t.id
        """;

    private const string OldestFirst = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND (created_at, id) > (@key, @after) ORDER BY created_at, id LIMIT @limit) p
        {Joined}
        ORDER BY u.created_at, u.id, e.id, t.id
        """;

    private const string NewestFirstOfStatus = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND status = @status AND (created_at, id) < (@key, @after) ORDER BY created_at DESC, id DESC LIMIT @limit) p
        {Joined}
        ORDER BY u.created_at DESC, u.id DESC, e.id, t.id
        """;

    private const string OldestFirstOfStatus = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND status = @status AND (created_at, id) > (@key, @after) ORDER BY created_at, id LIMIT @limit) p
        {Joined}
        ORDER BY u.created_at, u.id, e.id, t.id
        """;

    private const string LastChangedFirst = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND (updated_at, id) < (@key, @after) ORDER BY updated_at DESC, id DESC LIMIT @limit) p
        {Joined}
        ORDER BY u.updated_at DESC, u.id DESC, e.id, t.id
        """;

    private const string LastChangedLast = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND (updated_at, id) > (@key, @after) ORDER BY updated_at, id LIMIT @limit) p
        {Joined}
        ORDER BY u.updated_at, u.id, e.id, t.id
        """;

    private const string ByName = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND (coalesce(display_key, ''), id) > (@key, @after) ORDER BY coalesce(display_key, ''), id LIMIT @limit) p
        {Joined}
        ORDER BY coalesce(u.display_key, ''), u.id, e.id, t.id
        """;

    private const string ByNameBackwards = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND (coalesce(display_key, ''), id) < (@key, @after) ORDER BY coalesce(display_key, '') DESC, id DESC LIMIT @limit) p
        {Joined}
        ORDER BY coalesce(u.display_key, '') DESC, u.id DESC, e.id, t.id
        """;

    private static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero), Always = DateTimeOffset.UnixEpoch;

    /// <summary>The next users in the order that was asked for; where the filter wants one status and the order has an index for that, only those.</summary>
    internal static async ValueTask<List<User>> ListAsync(TenantTransaction tx, ListQuery<User> query, ListPosition? after, int limit, CancellationToken ct)
    {
        var id = after?.Id ?? (query.Descending ? Guid.AllBitsSet : Guid.Empty);
        if (query.Sort.Name == UserFields.DisplayName)
        {
            var key = after?.Text ?? (query.Descending ? PlainText.After("") : "");
            return UserStore.Fold(await tx.ListAsync(query.Descending ? ByNameBackwards : ByName, [("key", key), ("after", id), ("limit", limit)], UserRow.Read, ct));
        }
        var time = after?.Time ?? (query.Descending ? Never : Always);
        if (query.Sort.Name == UserFields.UpdatedAt)
            return UserStore.Fold(await tx.ListAsync(query.Descending ? LastChangedFirst : LastChangedLast, [("key", time), ("after", id), ("limit", limit)], UserRow.Read, ct));
        return UserStore.Fold(query.Find(UserFields.Status, FilterOperator.Equal) is { Value: string status }
            ? await tx.ListAsync(query.Descending ? NewestFirstOfStatus : OldestFirstOfStatus, [("status", status), ("key", time), ("after", id), ("limit", limit)], UserRow.Read, ct)
            : await tx.ListAsync(query.Descending ? NewestFirst : OldestFirst, [("key", time), ("after", id), ("limit", limit)], UserRow.Read, ct));
    }

    /// <summary>Newest first by id, for whoever walks through everybody.</summary>
    internal static async ValueTask<List<User>> ListAsync(TenantTransaction tx, Guid? before, int limit, CancellationToken ct) =>
        UserStore.Fold(await tx.ListAsync(Everybody, [("before", before ?? Guid.AllBitsSet), ("limit", limit)], UserRow.Read, ct));

    private const string Bound = "SELECT id FROM (SELECT id FROM users WHERE tenant_id = @tenant AND id < @before ORDER BY id DESC LIMIT @limit) p ORDER BY id LIMIT 1";

    internal static ValueTask<Guid?> FindBoundAsync(TenantTransaction tx, Guid before, int count, CancellationToken ct) => tx.FindValueAsync(Bound, [("before", before), ("limit", count)], row => row.Guid(0), ct);

    private const string Everybody = $"""
        SELECT {UserStore.Columns} FROM (SELECT id FROM users WHERE tenant_id = @tenant AND id < @before ORDER BY id DESC LIMIT @limit) p
        {Joined}
        ORDER BY u.id DESC, e.id, t.id
        """;
}
