using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>The SQL by which people are found, and by which what they are found by is kept.</summary>
internal static class UserTermStore
{
    private const int AtOnce = 16, MaxCounted = 12, MaxRanges = 3;

    // Sixteen to a round trip; the last ones fill the rest, and to insert or delete one twice is nothing.
    private const string Insert = """
        INSERT INTO user_terms (tenant_id, user_id, term) VALUES
          (@tenant, @user, @t0), (@tenant, @user, @t1), (@tenant, @user, @t2), (@tenant, @user, @t3), (@tenant, @user, @t4), (@tenant, @user, @t5), (@tenant, @user, @t6), (@tenant, @user, @t7),
          (@tenant, @user, @t8), (@tenant, @user, @t9), (@tenant, @user, @t10), (@tenant, @user, @t11), (@tenant, @user, @t12), (@tenant, @user, @t13), (@tenant, @user, @t14), (@tenant, @user, @t15)
        ON CONFLICT (tenant_id, term, user_id) DO NOTHING
        """;

    private const string Delete = """
        DELETE FROM user_terms WHERE tenant_id = @tenant AND user_id = @user
          AND term IN (@t0, @t1, @t2, @t3, @t4, @t5, @t6, @t7, @t8, @t9, @t10, @t11, @t12, @t13, @t14, @t15)
        """;

    private const string SelectIndexed = "SELECT texts FROM user_indexed WHERE tenant_id = @tenant AND user_id = @user";
    private const string PutIndexed = """
        INSERT INTO user_indexed (tenant_id, user_id, texts) VALUES (@tenant, @user, @texts)
        ON CONFLICT (tenant_id, user_id) DO UPDATE SET texts = @texts WHERE user_indexed.tenant_id = @tenant
        """;
    private const string DeleteIndexed = "DELETE FROM user_indexed WHERE tenant_id = @tenant AND user_id = @user";

    private const string SelectState = "SELECT attributes, position, done FROM user_index_state WHERE tenant_id = @tenant";
    private const string PutState = """
        INSERT INTO user_index_state (tenant_id, attributes, position, done, lease_until) VALUES (@tenant, @attributes, @position, FALSE, @now)
        ON CONFLICT (tenant_id) DO UPDATE SET attributes = @attributes, position = @position, done = FALSE, lease_until = @now WHERE user_index_state.tenant_id = @tenant
        """;
    private const string OpenStates = "SELECT tenant_id FROM user_index_state WHERE NOT done AND lease_until <= @now LIMIT 20";
    // Whoever moves the lease first has the walk until then.
    private const string ClaimState = "UPDATE user_index_state SET lease_until = @until WHERE tenant_id = @tenant AND NOT done AND lease_until <= @now";
    // Only from where it was read: a change of the attributes meanwhile begins anew.
    private const string MoveState = """
        UPDATE user_index_state SET position = @next, done = @done, lease_until = @until WHERE tenant_id = @tenant AND position = @position AND attributes = @attributes AND NOT done
        """;
    private const string NextUsers = "SELECT id FROM users WHERE tenant_id = @tenant AND id > @after ORDER BY id LIMIT @limit";

    private const string Joined = $"""
        JOIN users u ON u.tenant_id = @tenant AND u.id = p.id
        {UserStore.Ways}
        ORDER BY p.found, u.id, e.id, t.id
        """;

    // Each is a range of one index from where the page before ended, read no further than the page: what it costs does not grow with the tenant.
    private const string ByTerm = $"""
        SELECT {UserStore.Columns}, p.found FROM
          (SELECT user_id AS id, term AS found FROM user_terms WHERE tenant_id = @tenant AND (term, user_id) > (@key, @after) AND term < @to ORDER BY term, user_id LIMIT @limit) p
        {Joined}
        """;

    // Counted no further than it takes to tell them apart. The bound is written out and the order is the primary key's, so that the database sees how little of the index this
    // reads, and does not find a whole table cheaper where many have a term.
    private const string CountTerms = """
        SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t0 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t1 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t2 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t3 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t4 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t5 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t6 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t7 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t8 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t9 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t10 ORDER BY user_id LIMIT 100) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term = @t11 ORDER BY user_id LIMIT 100) x)
        """;

    private const string AnyInRanges = """
        SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term >= @f0 AND term < @t0 ORDER BY term, user_id LIMIT 1) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term >= @f1 AND term < @t1 ORDER BY term, user_id LIMIT 1) x),
          (SELECT COUNT(*) FROM (SELECT 1 FROM user_terms WHERE tenant_id = @tenant AND term >= @f2 AND term < @t2 ORDER BY term, user_id LIMIT 1) x)
        """;

    private const string ByDisplayName = $"""
        SELECT {UserStore.Columns}, p.found FROM
          (SELECT id, display_key AS found FROM users WHERE tenant_id = @tenant AND (display_key, id) > (@key, @after) AND display_key < @to ORDER BY display_key, id LIMIT @limit) p
        {Joined}
        """;

    private const string ByGivenName = $"""
        SELECT {UserStore.Columns}, p.found FROM
          (SELECT id, given_key AS found FROM users WHERE tenant_id = @tenant AND (given_key, id) > (@key, @after) AND given_key < @to ORDER BY given_key, id LIMIT @limit) p
        {Joined}
        """;

    private const string ByFamilyName = $"""
        SELECT {UserStore.Columns}, p.found FROM
          (SELECT id, family_key AS found FROM users WHERE tenant_id = @tenant AND (family_key, id) > (@key, @after) AND family_key < @to ORDER BY family_key, id LIMIT @limit) p
        {Joined}
        """;

    private const string ByEmail = $"""
        SELECT {UserStore.Columns}, p.found FROM
          (SELECT user_id AS id, normalized AS found FROM user_emails WHERE tenant_id = @tenant AND normalized >= @from AND normalized > @key AND normalized < @to ORDER BY normalized LIMIT @limit) p
        {Joined}
        """;

    private const string ByPhone = $"""
        SELECT {UserStore.Columns}, p.found FROM
          (SELECT user_id AS id, number AS found FROM user_phones WHERE tenant_id = @tenant AND number >= @from AND number > @key AND number < @to ORDER BY number LIMIT @limit) p
        {Joined}
        """;

    /// <summary>The next of those found in one place, with what they were found by, in the order of that.</summary>
    /// <param name="after">Null: from the beginning of the range.</param>
    internal static async ValueTask<List<(string Found, User User)>> ListAsync(TenantTransaction tx, SearchPlace place, string from, string to, (string Found, Guid Id)? after, int limit, CancellationToken ct)
    {
        var (key, id) = after ?? (from, Guid.Empty);
        (string, object?)[] ranged = [("key", key), ("after", id), ("to", to), ("limit", limit)];
        // Of these only one can have it.
        (string, object?)[] unique = [("from", from), ("key", after?.Found ?? ""), ("to", to), ("limit", limit)];
        var rows = place switch
        {
            SearchPlace.Term => await tx.ListAsync(ByTerm, ranged, Read, ct),
            SearchPlace.DisplayName => await tx.ListAsync(ByDisplayName, ranged, Read, ct),
            SearchPlace.GivenName => await tx.ListAsync(ByGivenName, ranged, Read, ct),
            SearchPlace.FamilyName => await tx.ListAsync(ByFamilyName, ranged, Read, ct),
            SearchPlace.Email => await tx.ListAsync(ByEmail, unique, Read, ct),
            _ => await tx.ListAsync(ByPhone, unique, Read, ct),
        };
        List<(string, User)> found = [];
        for (var i = 0; i < rows.Count;)
        {
            var (row, text) = rows[i];
            List<UserRow> same = [];
            for (; i < rows.Count && rows[i].Found == text && rows[i].Row.User.Id == row.User.Id; i++) same.Add(rows[i].Row);
            found.Add((text, UserStore.Fold(same)[0]));
        }
        return found;
    }

    /// <summary>How many have each of these terms, up to a hundred.</summary>
    /// <param name="terms">At most <see cref="MaxCounted"/>.</param>
    internal static async ValueTask<long[]> CountAsync(TenantTransaction tx, IReadOnlyList<string> terms, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terms.Count, MaxCounted);
        // No term is empty: what is not asked for is had by nobody.
        (string, object?)[] args = [.. Enumerable.Range(0, MaxCounted).Select(i => ($"t{i}", (object?)(i < terms.Count ? terms[i] : "")))];
        return await tx.FindAsync(CountTerms, args, row => Enumerable.Range(0, terms.Count).Select(row.Long).ToArray(), ct) ?? throw Missing;
    }

    /// <summary>In which of these ranges anybody has a term.</summary>
    /// <param name="ranges">At most <see cref="MaxRanges"/>.</param>
    internal static async ValueTask<bool[]> AnyAsync(TenantTransaction tx, IReadOnlyList<(string From, string To)> ranges, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ranges.Count, MaxRanges);
        (string, object?)[] args = [.. Enumerable.Range(0, MaxRanges).SelectMany(i => new (string, object?)[] { ($"f{i}", i < ranges.Count ? ranges[i].From : ""), ($"t{i}", i < ranges.Count ? ranges[i].To : "") })];
        return await tx.FindAsync(AnyInRanges, args, row => Enumerable.Range(0, ranges.Count).Select(i => row.Long(i) > 0).ToArray(), ct) ?? throw Missing;
    }

    private static InvalidOperationException Missing => new("A statement without a table always has its row.");

    internal static async ValueTask InsertAsync(TenantTransaction tx, UserId user, IReadOnlyCollection<string> terms, CancellationToken ct)
    {
        foreach (var some in terms.Chunk(AtOnce)) await tx.ExecuteAsync(Insert, Arguments(user, some), ct);
    }

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, IReadOnlyCollection<string> terms, CancellationToken ct)
    {
        foreach (var some in terms.Chunk(AtOnce)) await tx.ExecuteAsync(Delete, Arguments(user, some), ct);
    }

    /// <summary>What her terms were made of; null when she has none yet.</summary>
    internal static async ValueTask<UserTerms.Texts?> FindIndexedAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.FindAsync(SelectIndexed, [("user", user)], row => JsonSerializer.Deserialize(row.Text(0), UsersJson.Default.Texts)!, ct);

    internal static async ValueTask PutIndexedAsync(TenantTransaction tx, UserId user, UserTerms.Texts texts, CancellationToken ct) =>
        await tx.ExecuteAsync(PutIndexed, [("user", user), ("texts", new Json(JsonSerializer.Serialize(texts, UsersJson.Default.Texts)))], ct);

    internal static async ValueTask<bool> DeleteIndexedAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(DeleteIndexed, [("user", user)], ct) == 1;

    internal static ValueTask<IndexState?> FindStateAsync(TenantTransaction tx, CancellationToken ct) =>
        tx.FindAsync(SelectState, [], row => new IndexState(JsonSerializer.Deserialize(row.Text(0), UsersJson.Default.StringArray)!, row.Guid(1), row.Bool(2)), ct);

    /// <summary>Begins a walk over everybody, for attributes that are searchable from now on.</summary>
    internal static async ValueTask PutStateAsync(TenantTransaction tx, IReadOnlyList<string> attributes, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(PutState, [("attributes", Json(attributes)), ("position", Guid.Empty), ("now", now)], ct);

    internal static ValueTask<List<TenantId>> ListOpenAsync(SystemTransaction tx, DateTimeOffset now, CancellationToken ct) => tx.ListAsync(OpenStates, [("now", now)], row => row.Id<TenantId>(0), ct);

    internal static async ValueTask<bool> TryClaimAsync(TenantTransaction tx, DateTimeOffset now, DateTimeOffset until, CancellationToken ct) =>
        await tx.ExecuteAsync(ClaimState, [("until", until), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> TryMoveAsync(TenantTransaction tx, IndexState state, Guid next, bool done, DateTimeOffset until, CancellationToken ct) =>
        await tx.ExecuteAsync(MoveState, [("next", next), ("done", done), ("until", until), ("position", state.Position), ("attributes", Json(state.Attributes))], ct) == 1;

    internal static ValueTask<List<UserId>> ListUsersAsync(TenantTransaction tx, Guid after, int limit, CancellationToken ct) =>
        tx.ListAsync(NextUsers, [("after", after), ("limit", limit)], row => row.Id<UserId>(0), ct);

    private static Json Json(IReadOnlyList<string> names) => new(JsonSerializer.Serialize([.. names], UsersJson.Default.StringArray));

    private static (string, object?)[] Arguments(UserId user, string[] terms)
    {
        string At(int i) => terms[Math.Min(i, terms.Length - 1)];
        return [("user", user), ("t0", At(0)), ("t1", At(1)), ("t2", At(2)), ("t3", At(3)), ("t4", At(4)), ("t5", At(5)), ("t6", At(6)), ("t7", At(7)),
            ("t8", At(8)), ("t9", At(9)), ("t10", At(10)), ("t11", At(11)), ("t12", At(12)), ("t13", At(13)), ("t14", At(14)), ("t15", At(15))];
    }

    private static (UserRow Row, string Found) Read(SqlRow row) => (UserRow.Read(row), row.Text(20));
}

/// <summary>How far the walk over a tenant's users is.</summary>
internal sealed record IndexState(IReadOnlyList<string> Attributes, Guid Position, bool Done);

/// <summary>Where people are looked for: one index each.</summary>
internal enum SearchPlace { Term, DisplayName, GivenName, FamilyName, Email, Phone }
