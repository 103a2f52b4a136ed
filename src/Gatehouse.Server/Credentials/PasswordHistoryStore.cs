using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>The SQL of old passwords. <c>place</c> 0 is the one before the present.</summary>
internal static class PasswordHistoryStore
{
    // The present one first: it is the likeliest to be typed again.
    private const string List = """
        SELECT p.phc, -1 AS place FROM passwords p WHERE p.tenant_id = @tenant AND p.user_id = @user
        UNION ALL
        SELECT h.phc, h.place FROM password_history h WHERE h.tenant_id = @tenant AND h.user_id = @user AND h.place < @kept
        ORDER BY place
        """;

    // Changes nothing and takes the row's lock.
    private const string Hold = "UPDATE passwords SET phc = phc WHERE tenant_id = @tenant AND user_id = @user";
    private const string Age = "UPDATE password_history SET place = place + 1 WHERE tenant_id = @tenant AND user_id = @user";

    private const string Add = """
        INSERT INTO password_history (tenant_id, user_id, phc, place, replaced_at)
        SELECT p.tenant_id, p.user_id, p.phc, 0, @now FROM passwords p WHERE p.tenant_id = @tenant AND p.user_id = @user
        ON CONFLICT (tenant_id, user_id, phc) DO NOTHING
        """;

    private const string Trim = "DELETE FROM password_history WHERE tenant_id = @tenant AND user_id = @user AND place >= @kept";
    private const string Delete = "DELETE FROM password_history WHERE tenant_id = @tenant AND user_id = @user";

    private const string SelectBeyond = "SELECT place FROM password_history WHERE tenant_id = @tenant AND place >= @kept LIMIT 1";
    private const string Prune = """
        DELETE FROM password_history WHERE tenant_id = @tenant AND (user_id, phc) IN
          (SELECT user_id, phc FROM password_history WHERE tenant_id = @tenant AND place >= @kept LIMIT 2000)
        """;

    internal static async ValueTask<List<string>> ListAsync(TenantTransaction tx, UserId user, int kept, CancellationToken ct) =>
        await tx.ListAsync(List, [("user", user), ("kept", kept)], row => row.Text(0), ct);

    internal static async ValueTask<bool> HoldAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(Hold, [("user", user)], ct) == 1;

    internal static async ValueTask AgeAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Age, [("user", user)], ct);

    internal static async ValueTask AddAsync(TenantTransaction tx, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Add, [("now", now), ("user", user)], ct);

    internal static async ValueTask TrimAsync(TenantTransaction tx, UserId user, int kept, CancellationToken ct) =>
        await tx.ExecuteAsync(Trim, [("user", user), ("kept", kept)], ct);

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("user", user)], ct);

    internal static async ValueTask<bool> AnyBeyondAsync(TenantTransaction tx, int kept, CancellationToken ct) =>
        await tx.FindValueAsync(SelectBeyond, [("kept", kept)], row => row.Long(0), ct) is not null;

    internal static async ValueTask<int> PruneAsync(TenantTransaction tx, int kept, CancellationToken ct) => await tx.ExecuteAsync(Prune, [("kept", kept)], ct);
}
