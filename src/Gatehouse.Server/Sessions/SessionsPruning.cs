using Gatehouse.Storage;

namespace Gatehouse.Sessions;

/// <summary>When sessions are forgotten: a week after they ended, and where they ran out, after the longest idle time a tenant can set (30 days).</summary>
internal static class SessionsPruning
{
    private const string EndedOf = "SELECT DISTINCT tenant_id FROM sessions WHERE ended_at < @cutoff LIMIT 1000";
    private const string Ended = """
        DELETE FROM sessions WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM sessions WHERE tenant_id = @tenant AND ended_at < @cutoff LIMIT 2000)
        """;

    private const string UnseenOf = "SELECT DISTINCT tenant_id FROM sessions WHERE last_seen_at < @cutoff LIMIT 1000";
    private const string Unseen = """
        DELETE FROM sessions WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM sessions WHERE tenant_id = @tenant AND last_seen_at < @cutoff LIMIT 2000)
        """;

    internal static ExpiredRows[] Tables { get; } =
        [new("sessions", EndedOf, Ended, TimeSpan.FromDays(7)), new("sessions", UnseenOf, Unseen, TimeSpan.FromDays(31))];
}
