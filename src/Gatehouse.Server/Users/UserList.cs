using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>
/// The SQL of lists of users, newest first. Each statement first picks the page's ids on an index, then joins their addresses and numbers, so that a
/// page costs one round trip. The cursor of the first page is the highest id.
/// </summary>
internal static class UserList
{
    private const string Joined = $"""
        JOIN users u ON u.tenant_id = @tenant AND u.id = p.id
        {UserStore.Ways}
        ORDER BY u.id DESC, e.id, t.id
        """;

    private const string All = $"""
        SELECT {UserStore.Columns} FROM (SELECT id FROM users WHERE tenant_id = @tenant AND id < @before ORDER BY id DESC LIMIT @limit) p
        {Joined}
        """;

    private const string WithStatus = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT id FROM users WHERE tenant_id = @tenant AND status = @status AND id < @before ORDER BY id DESC LIMIT @limit) p
        {Joined}
        """;

    // Prefixes as ranges of bytes, not LIKE: nothing to escape, and both databases use the index. UNION removes who matches twice.
    private const string Matches = """
        SELECT user_id AS id FROM user_emails WHERE tenant_id = @tenant AND normalized >= @from AND normalized < @to AND user_id < @before
        UNION SELECT user_id FROM user_phones WHERE tenant_id = @tenant AND number >= @from AND number < @to AND user_id < @before
        UNION SELECT id FROM users WHERE tenant_id = @tenant AND display_key >= @from AND display_key < @to AND id < @before
        UNION SELECT id FROM users WHERE tenant_id = @tenant AND given_key >= @from AND given_key < @to AND id < @before
        UNION SELECT id FROM users WHERE tenant_id = @tenant AND family_key >= @from AND family_key < @to AND id < @before
        """;

    private const string Search = $"""
        SELECT {UserStore.Columns} FROM (SELECT id FROM ({Matches}) m ORDER BY id DESC LIMIT @limit) p
        {Joined}
        """;

    private const string SearchWithStatus = $"""
        SELECT {UserStore.Columns} FROM
          (SELECT m.id FROM ({Matches}) m JOIN users s ON s.tenant_id = @tenant AND s.id = m.id AND s.status = @status ORDER BY m.id DESC LIMIT @limit) p
        {Joined}
        """;

    /// <param name="search">Folded prefix of an address, name or number (<c>+49</c>), or null for everybody.</param>
    internal static async ValueTask<List<User>> ListAsync(TenantTransaction tx, string? search, UserStatus? status, Guid? before, int limit, CancellationToken ct)
    {
        var cursor = before ?? Guid.AllBitsSet;
        var rows = (search, status) switch
        {
            (null, null) => await tx.ListAsync(All, [("before", cursor), ("limit", limit)], UserRow.Read, ct),
            (null, { } wanted) => await tx.ListAsync(WithStatus, [("status", UserStore.StatusText(wanted)), ("before", cursor), ("limit", limit)], UserRow.Read, ct),
            ({ } prefix, null) => await tx.ListAsync(Search, [("from", prefix), ("to", PlainText.After(prefix)), ("before", cursor), ("limit", limit)], UserRow.Read, ct),
            ({ } prefix, { } wanted) => await tx.ListAsync(SearchWithStatus,
                [("from", prefix), ("to", PlainText.After(prefix)), ("before", cursor), ("status", UserStore.StatusText(wanted)), ("limit", limit)], UserRow.Read, ct),
        };
        return UserStore.Fold(rows);
    }
}
