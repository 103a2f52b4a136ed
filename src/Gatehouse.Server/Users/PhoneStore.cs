using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>The SQL that changes telephone numbers; <see cref="UserStore"/> reads them with their users.</summary>
internal static class PhoneStore
{
    // Uniqueness is the index's decision. The first number is the primary one.
    private const string Insert = """
        INSERT INTO user_phones (tenant_id, id, user_id, number, verified, is_primary, created_at)
        SELECT @tenant, @id, @user, @number, @verified, NOT EXISTS (SELECT 1 FROM user_phones WHERE tenant_id = @tenant AND user_id = @user AND is_primary), @now
        WHERE TRUE
        ON CONFLICT (tenant_id, number) DO NOTHING
        """;

    // The primary number goes last: as long as there is one, there is a primary one.
    private const string Delete = """
        DELETE FROM user_phones WHERE tenant_id = @tenant AND user_id = @user AND id = @id
          AND (NOT is_primary OR NOT EXISTS (SELECT 1 FROM user_phones o WHERE o.tenant_id = @tenant AND o.user_id = @user AND o.id <> @id))
        """;

    // What nobody has proved gives way to who proves it.
    private const string DeleteUnproved = "DELETE FROM user_phones WHERE tenant_id = @tenant AND number = @number AND NOT verified AND user_id <> @user";

    private const string Verify = "UPDATE user_phones SET verified = TRUE WHERE tenant_id = @tenant AND user_id = @user AND id = @id";
    private const string VerifyNumber = "UPDATE user_phones SET verified = TRUE WHERE tenant_id = @tenant AND user_id = @user AND number = @number";

    // Two statements, because the index allows one primary number at any moment.
    private const string ClearPrimary = "UPDATE user_phones SET is_primary = FALSE WHERE tenant_id = @tenant AND user_id = @user AND is_primary";
    private const string SetPrimary = "UPDATE user_phones SET is_primary = TRUE WHERE tenant_id = @tenant AND user_id = @user AND id = @id";

    /// <returns>False when the number is taken.</returns>
    internal static async ValueTask<bool> TryAddAsync(TenantTransaction tx, UserId user, UserPhone phone, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("id", phone.Id), ("user", user), ("number", phone.Number), ("verified", phone.Verified), ("now", now)], ct) == 1;

    /// <returns>False when there is no such number, or it is the primary one of several.</returns>
    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, UserId user, PhoneId id, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("user", user), ("id", id)], ct) == 1;

    internal static async ValueTask DeleteUnprovedOfOthersAsync(TenantTransaction tx, UserId user, string number, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteUnproved, [("number", number), ("user", user)], ct);

    internal static async ValueTask<bool> MarkVerifiedAsync(TenantTransaction tx, UserId user, PhoneId id, CancellationToken ct) =>
        await tx.ExecuteAsync(Verify, [("user", user), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> MarkVerifiedAsync(TenantTransaction tx, UserId user, string number, CancellationToken ct) =>
        await tx.ExecuteAsync(VerifyNumber, [("user", user), ("number", number)], ct) == 1;

    /// <returns>False when the number is gone; the caller must then not commit.</returns>
    internal static async ValueTask<bool> MakePrimaryAsync(TenantTransaction tx, UserId user, PhoneId id, CancellationToken ct)
    {
        await tx.ExecuteAsync(ClearPrimary, [("user", user)], ct);
        return await tx.ExecuteAsync(SetPrimary, [("user", user), ("id", id)], ct) == 1;
    }
}
