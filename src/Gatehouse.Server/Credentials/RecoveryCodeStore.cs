using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>The SQL of recovery codes.</summary>
internal static class RecoveryCodeStore
{
    private const string Insert = "INSERT INTO recovery_codes (tenant_id, user_id, code_hash, created_at) VALUES (@tenant, @user, @hash, @now)";

    private const string Select = "SELECT created_at, used_at FROM recovery_codes WHERE tenant_id = @tenant AND user_id = @user LIMIT 100";

    private const string SelectUnused = "SELECT created_at FROM recovery_codes WHERE tenant_id = @tenant AND user_id = @user AND code_hash = @hash AND used_at IS NULL";

    // Whoever marks it used has used it.
    private const string Use = """
        UPDATE recovery_codes SET used_at = @now WHERE tenant_id = @tenant AND user_id = @user AND code_hash = @hash AND used_at IS NULL
        """;

    private const string Delete = "DELETE FROM recovery_codes WHERE tenant_id = @tenant AND user_id = @user";

    internal static async ValueTask InsertAsync(TenantTransaction tx, UserId user, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("user", user), ("hash", hash), ("now", now)], ct);

    internal static ValueTask<List<(DateTimeOffset CreatedAt, DateTimeOffset? UsedAt)>> ListAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.ListAsync(Select, [("user", user)], row => (row.Time(0), row.TimeOrNull(1)), ct);

    internal static async ValueTask<bool> IsUnusedAsync(TenantTransaction tx, UserId user, byte[] hash, CancellationToken ct) =>
        await tx.FindValueAsync(SelectUnused, [("user", user), ("hash", hash)], row => row.Time(0), ct) is not null;

    internal static async ValueTask<bool> UseAsync(TenantTransaction tx, UserId user, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Use, [("now", now), ("user", user), ("hash", hash)], ct) == 1;

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("user", user)], ct);
}
