using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>A person's choice to get the codes of her second step by text message.</summary>
internal sealed record SmsFactor(PhoneId Phone, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>The SQL of <c>sms_factors</c>.</summary>
internal static class SmsFactorStore
{
    private const string Select = "SELECT phone_id, created_at, last_used_at FROM sms_factors WHERE tenant_id = @tenant AND user_id = @user";
    private const string Set = """
        INSERT INTO sms_factors (tenant_id, user_id, phone_id, created_at) VALUES (@tenant, @user, @phone, @now)
        ON CONFLICT (tenant_id, user_id) DO UPDATE SET phone_id = @phone, created_at = @now, last_used_at = NULL WHERE sms_factors.tenant_id = @tenant
        """;
    private const string Used = "UPDATE sms_factors SET last_used_at = @now WHERE tenant_id = @tenant AND user_id = @user";
    private const string Delete = "DELETE FROM sms_factors WHERE tenant_id = @tenant AND user_id = @user";

    internal static ValueTask<SmsFactor?> FindAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.FindAsync(Select, [("user", user)], row => new SmsFactor(row.Id<PhoneId>(0), row.Time(1), row.TimeOrNull(2)), ct);

    internal static async ValueTask SetAsync(TenantTransaction tx, UserId user, PhoneId phone, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Set, [("user", user), ("phone", phone), ("now", now)], ct);

    internal static async ValueTask<bool> UsedAsync(TenantTransaction tx, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Used, [("now", now), ("user", user)], ct) == 1;

    internal static async ValueTask DeleteAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("user", user)], ct);
}
