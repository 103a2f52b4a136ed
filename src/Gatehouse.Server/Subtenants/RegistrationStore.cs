using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Subtenants;

/// <summary>The SQL of registrations. Whatever ends one is conditional on its being open: it ends once.</summary>
internal static class RegistrationStore
{
    private const string Columns = "id, user_id, email, slug, display_name, domain, domain_token, domain_proved_at, state, reason, created_tenant_id, decided_by, created_at, expires_at, ended_at";

    private const string SelectById = $"SELECT {Columns} FROM tenant_registrations WHERE tenant_id = @tenant AND id = @id";
    private const string SelectOfUser = $"SELECT {Columns} FROM tenant_registrations WHERE tenant_id = @tenant AND user_id = @user ORDER BY id DESC LIMIT @limit";
    private const string SelectNewest = $"SELECT {Columns} FROM tenant_registrations WHERE tenant_id = @tenant AND id < @after ORDER BY id DESC LIMIT @limit";
    private const string SelectOldest = $"SELECT {Columns} FROM tenant_registrations WHERE tenant_id = @tenant AND id > @after ORDER BY id LIMIT @limit";
    private const string Count = "SELECT count(*) FROM tenant_registrations WHERE tenant_id = @tenant AND state IN ('pending', 'active')";

    private const string SelectCounting = $"SELECT {Columns} FROM tenant_registrations WHERE tenant_id = @tenant AND user_id = @user AND state IN ('pending', 'active') ORDER BY id LIMIT @limit";
    // Whatever became of the registration since: how the tenant came to be does not change.
    private const string SelectMade = "SELECT id FROM tenant_registrations WHERE tenant_id = @tenant AND created_tenant_id = @made LIMIT 1";

    // One who waits keeps the name in this tenant; of several at once, the index lets one in.
    private const string Insert = """
        INSERT INTO tenant_registrations (tenant_id, id, user_id, email, slug, display_name, domain, domain_token, state, created_at, expires_at)
        VALUES (@tenant, @id, @user, @email, @slug, @name, @domain, @token, 'pending', @now, @expires)
        ON CONFLICT DO NOTHING
        """;

    // What ran out gives its name back.
    private const string Expire = "UPDATE tenant_registrations SET state = 'expired', ended_at = expires_at WHERE tenant_id = @tenant AND state = 'pending' AND expires_at <= @now";

    private const string Prove = "UPDATE tenant_registrations SET domain_proved_at = @now WHERE tenant_id = @tenant AND id = @id AND state = 'pending' AND expires_at > @now AND domain_token = @token";

    private const string End = """
        UPDATE tenant_registrations SET state = @state, reason = @reason, decided_by = @by, ended_at = @now
        WHERE tenant_id = @tenant AND id = @id AND state = 'pending' AND expires_at > @now
        """;

    private const string Activate = """
        UPDATE tenant_registrations SET state = 'active', created_tenant_id = @created, decided_by = @by, ended_at = @now
        WHERE tenant_id = @tenant AND id = @id AND state = 'pending' AND expires_at > @now
        """;

    // A tenant that is gone counts for nobody any more.
    private const string Forget = "UPDATE tenant_registrations SET state = 'expired', reason = 'tenant_deleted' WHERE tenant_id = @tenant AND id = @id AND state = 'active'";

    private const string WithdrawOfUser = "UPDATE tenant_registrations SET state = 'withdrawn', ended_at = @now WHERE tenant_id = @tenant AND user_id = @user AND state = 'pending'";
    private const string ForgetAddress = "UPDATE tenant_registrations SET email = '' WHERE tenant_id = @tenant AND user_id = @user";

    /// <summary>What led to nothing is forgotten after 90 days.</summary>
    internal static ExpiredRows Pruning { get; } = new("tenant_registrations",
        "SELECT DISTINCT tenant_id FROM tenant_registrations WHERE ended_at < @cutoff AND state <> 'active' LIMIT 100",
        "DELETE FROM tenant_registrations WHERE tenant_id = @tenant AND id IN (SELECT id FROM tenant_registrations WHERE tenant_id = @tenant AND ended_at < @cutoff AND state <> 'active' LIMIT 500)",
        TimeSpan.FromDays(90));

    internal static ValueTask<TenantRegistration?> FindAsync(TenantTransaction tx, TenantRegistrationId id, CancellationToken ct) => tx.FindAsync(SelectById, [("id", id)], Read, ct);

    internal static ValueTask<List<TenantRegistration>> ListOfUserAsync(TenantTransaction tx, UserId user, int limit, CancellationToken ct) => tx.ListAsync(SelectOfUser, [("user", user), ("limit", limit)], Read, ct);

    /// <summary>Those that wait or led to a tenant, oldest first.</summary>
    internal static ValueTask<List<TenantRegistration>> ListCountingAsync(TenantTransaction tx, UserId user, int limit, CancellationToken ct) => tx.ListAsync(SelectCounting, [("user", user), ("limit", limit)], Read, ct);

    /// <summary>Whether a tenant came of a registration in this one.</summary>
    internal static async ValueTask<bool> MadeAsync(TenantTransaction tx, TenantId made, CancellationToken ct) => await tx.FindValueAsync(SelectMade, [("made", made)], row => row.Guid(0), ct) is not null;

    internal static ValueTask<List<TenantRegistration>> ListAsync(TenantTransaction tx, bool newestFirst, Guid? after, int limit, CancellationToken ct) => newestFirst
        ? tx.ListAsync(SelectNewest, [("after", after ?? Guid.AllBitsSet), ("limit", limit)], Read, ct)
        : tx.ListAsync(SelectOldest, [("after", after ?? Guid.Empty), ("limit", limit)], Read, ct);

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, CancellationToken ct) => await tx.FindValueAsync(Count, [], row => row.Long(0), ct) ?? 0;

    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, TenantRegistration r, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("id", r.Id), ("user", r.User), ("email", r.Email), ("slug", r.Slug), ("name", r.DisplayName), ("domain", r.Domain), ("token", r.DomainToken), ("now", r.CreatedAt), ("expires", r.ExpiresAt)], ct) == 1;

    internal static ValueTask<int> ExpireAsync(TenantTransaction tx, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(Expire, [("now", now)], ct);

    internal static async ValueTask<bool> TryProveAsync(TenantTransaction tx, TenantRegistration r, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Prove, [("now", now), ("id", r.Id), ("token", r.DomainToken)], ct) == 1;

    internal static async ValueTask<bool> TryEndAsync(TenantTransaction tx, TenantRegistrationId id, string state, string? reason, string by, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(End, [("state", state), ("reason", reason), ("by", by), ("now", now), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> TryActivateAsync(TenantTransaction tx, TenantRegistrationId id, TenantId created, string by, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Activate, [("created", created), ("by", by), ("now", now), ("id", id)], ct) == 1;

    internal static ValueTask<int> ForgetAsync(TenantTransaction tx, TenantRegistrationId id, CancellationToken ct) => tx.ExecuteAsync(Forget, [("id", id)], ct);

    internal static async ValueTask ForgetUserAsync(TenantTransaction tx, UserId user, DateTimeOffset now, CancellationToken ct)
    {
        await tx.ExecuteAsync(WithdrawOfUser, [("now", now), ("user", user)], ct);
        await tx.ExecuteAsync(ForgetAddress, [("user", user)], ct);
    }

    private static TenantRegistration Read(SqlRow row) => new(row.Id<TenantRegistrationId>(0), row.Id<UserId>(1), row.Text(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.TextOrNull(6), row.TimeOrNull(7),
        row.Text(8), row.TextOrNull(9), row.IdOrNull<TenantId>(10), row.TextOrNull(11), row.Time(12), row.Time(13), row.TimeOrNull(14));
}
