using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users.Merging;

/// <summary>The SQL of merged accounts.</summary>
internal static class MergeStore
{
    // None of them is the primary one where they come to: that account has its own.
    private const string MoveEmails = "UPDATE user_emails SET user_id = @into, is_primary = FALSE WHERE tenant_id = @tenant AND user_id = @from";
    private const string MovePhones = "UPDATE user_phones SET user_id = @into, is_primary = FALSE WHERE tenant_id = @tenant AND user_id = @from";
    // Who was merged into the one that goes now is found where that one went.
    private const string Redirect = "UPDATE user_merges SET into_id = @into WHERE tenant_id = @tenant AND into_id = @from";
    private const string Insert = "INSERT INTO user_merges (tenant_id, from_id, into_id, merged_at) VALUES (@tenant, @from, @into, @now)";
    private const string Select = "SELECT into_id FROM user_merges WHERE tenant_id = @tenant AND from_id = @from";

    internal static ValueTask<int> MoveEmailsAsync(TenantTransaction tx, UserId from, UserId into, CancellationToken ct) => tx.ExecuteAsync(MoveEmails, [("into", into), ("from", from)], ct);

    internal static ValueTask<int> MovePhonesAsync(TenantTransaction tx, UserId from, UserId into, CancellationToken ct) => tx.ExecuteAsync(MovePhones, [("into", into), ("from", from)], ct);

    internal static async ValueTask InsertAsync(TenantTransaction tx, UserId from, UserId into, DateTimeOffset now, CancellationToken ct)
    {
        await tx.ExecuteAsync(Redirect, [("into", into), ("from", from)], ct);
        await tx.ExecuteAsync(Insert, [("from", from), ("into", into), ("now", now)], ct);
    }

    internal static async ValueTask<UserId?> FindAsync(TenantTransaction tx, UserId from, CancellationToken ct) =>
        await tx.FindValueAsync(Select, [("from", from)], row => row.Guid(0), ct) is { } into ? new UserId(into) : null;
}
