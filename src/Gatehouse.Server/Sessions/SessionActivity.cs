using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Sessions;

/// <summary>For rooms that ask which of their people were here lately.</summary>
public static class SessionActivity
{
    private const int AtOnce = 16;

    // On the users' own index: each has few sessions. The last ones fill the rest, and nobody counts twice.
    private const string CountSeen = """
        SELECT COUNT(DISTINCT user_id) FROM sessions WHERE tenant_id = @tenant AND last_seen_at >= @since
          AND user_id IN (@u0, @u1, @u2, @u3, @u4, @u5, @u6, @u7, @u8, @u9, @u10, @u11, @u12, @u13, @u14, @u15)
        """;

    /// <summary>How many of them were seen in a session since then. A session that was ended is forgotten after seven days.</summary>
    public static async ValueTask<long> CountSeenAsync(TenantTransaction tx, IEnumerable<UserId> users, DateTimeOffset since, CancellationToken ct)
    {
        var seen = 0L;
        foreach (var some in users.Chunk(AtOnce))
        {
            var args = new (string, object?)[AtOnce + 1];
            for (var i = 0; i < AtOnce; i++) args[i] = ($"u{i}", some[Math.Min(i, some.Length - 1)]);
            args[AtOnce] = ("since", since);
            seen += await tx.FindValueAsync(CountSeen, args, row => row.Long(0), ct) ?? 0;
        }
        return seen;
    }
}
