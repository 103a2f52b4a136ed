using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Sessions;

/// <summary>For rooms that ask which of their people were here lately.</summary>
public static class SessionActivity
{
    // On the user's own index: she has few sessions.
    private const string SeenSince = "SELECT id FROM sessions WHERE tenant_id = @tenant AND user_id = @user AND last_seen_at >= @since LIMIT 1";

    /// <summary>Whether she was seen in a session since then. One that was ended is forgotten after seven days.</summary>
    public static async ValueTask<bool> WasSeenAsync(TenantTransaction tx, UserId user, DateTimeOffset since, CancellationToken ct) =>
        await tx.FindValueAsync(SeenSince, [("user", user), ("since", since)], row => row.Guid(0), ct) is not null;
}
