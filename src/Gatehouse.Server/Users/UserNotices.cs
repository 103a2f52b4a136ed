using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>
/// Notices that a person may do without. What concerns her account's safety is not among them: whoever stole it would turn that off first.
/// </summary>
public static class UserNotices
{
    /// <summary>An application was allowed to act for her.</summary>
    public const string ApplicationAllowed = "application_allowed";

    /// <summary>Her name, language, time zone or attributes changed.</summary>
    public const string ProfileChanged = "profile_changed";

    public static IReadOnlyList<string> Optional { get; } = [ApplicationAllowed, ProfileChanged];

    private const string SelectOff = "SELECT notice FROM user_notices_off WHERE tenant_id = @tenant AND user_id = @user ORDER BY notice LIMIT 100";
    private const string SelectOne = "SELECT 1 FROM user_notices_off WHERE tenant_id = @tenant AND user_id = @user AND notice = @notice";
    // Saying the same twice changes nothing.
    private const string TurnOff = """
        INSERT INTO user_notices_off (tenant_id, user_id, notice) VALUES (@tenant, @user, @notice)
        ON CONFLICT (tenant_id, user_id, notice) DO NOTHING
        """;
    private const string TurnOn = "DELETE FROM user_notices_off WHERE tenant_id = @tenant AND user_id = @user AND notice = @notice";

    /// <summary>Whether she wants it.</summary>
    public static async ValueTask<bool> WantsAsync(TenantTransaction tx, UserId user, string notice, CancellationToken ct) =>
        await tx.FindValueAsync(SelectOne, [("user", user), ("notice", notice)], row => row.Long(0), ct) is null;

    /// <summary>Every optional notice and whether she wants it.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, bool>> ListAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        var off = await tx.ListAsync(SelectOff, [("user", user)], row => row.Text(0), ct);
        return Optional.ToDictionary(notice => notice, notice => !off.Contains(notice), StringComparer.Ordinal);
    }

    /// <returns>False when that was so already.</returns>
    public static async ValueTask<bool> SetAsync(TenantTransaction tx, UserId user, string notice, bool wanted, CancellationToken ct) =>
        await tx.ExecuteAsync(wanted ? TurnOn : TurnOff, [("user", user), ("notice", notice)], ct) == 1;
}
