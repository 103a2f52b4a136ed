using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Invitations;

/// <summary>The SQL of invitations.</summary>
internal static class InvitationStore
{
    private const string Columns = "id, organization_id, email, normalized, roles, locale, status, created_at, sent_at, expires_at, ended_at, user_id, promised_by";

    private const string SelectById = $"SELECT {Columns} FROM invitations WHERE tenant_id = @tenant AND id = @id";
    private const string SelectByToken = $"SELECT {Columns} FROM invitations WHERE tenant_id = @tenant AND token_hash = @hash AND status = 'pending' AND expires_at > @now";
    private const string SelectByAddress = $"""
        SELECT {Columns} FROM invitations WHERE tenant_id = @tenant AND normalized = @normalized AND status = 'pending' AND expires_at > @now ORDER BY id LIMIT 100
        """;
    private const string SelectPage = $"""
        SELECT {Columns} FROM invitations WHERE tenant_id = @tenant AND organization_id = @organization AND id < @before ORDER BY id DESC LIMIT @limit
        """;

    private const string SelectOldest = $"""
        SELECT {Columns} FROM invitations WHERE tenant_id = @tenant AND organization_id = @organization AND id > @after ORDER BY id LIMIT @limit
        """;

    // Of many that invite one address at once, one does: the index over open ones decides.
    private const string Insert = """
        INSERT INTO invitations (tenant_id, id, organization_id, email, normalized, roles, locale, token_hash, status, created_at, sent_at, expires_at, promised_by)
        VALUES (@tenant, @id, @organization, @email, @normalized, @roles, @locale, @hash, 'pending', @now, @now, @expires, @promised_by)
        ON CONFLICT DO NOTHING
        """;

    // One that ran out makes room for the next.
    private const string Expire = """
        UPDATE invitations SET status = 'expired', ended_at = @now
        WHERE tenant_id = @tenant AND organization_id = @organization AND normalized = @normalized AND status = 'pending' AND expires_at <= @now
        """;

    private const string Renew = """
        UPDATE invitations SET token_hash = @hash, sent_at = @now, expires_at = @expires, promised_by = @promised_by
        WHERE tenant_id = @tenant AND id = @id AND organization_id = @organization AND status = 'pending'
        """;

    // Answered once, and only while it is open.
    private const string End = """
        UPDATE invitations SET status = @status, ended_at = @now, user_id = @user WHERE tenant_id = @tenant AND id = @id AND status = 'pending' AND expires_at > @now
        """;

    private const string Revoke = """
        UPDATE invitations SET status = 'revoked', ended_at = @now WHERE tenant_id = @tenant AND id = @id AND organization_id = @organization AND status = 'pending'
        """;

    private const string ExpiredOf = "SELECT DISTINCT tenant_id FROM invitations WHERE expires_at < @cutoff LIMIT 1000";
    private const string DeleteExpired = """
        DELETE FROM invitations WHERE tenant_id = @tenant AND id IN (SELECT id FROM invitations WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    /// <summary>Addresses of people who never came are not kept: three months after an invitation would have run out it is forgotten.</summary>
    internal static ExpiredRows Pruning { get; } = new("invitations", ExpiredOf, DeleteExpired, TimeSpan.FromDays(90));

    internal static ValueTask<Invitation?> FindAsync(TenantTransaction tx, InvitationId id, CancellationToken ct) => tx.FindAsync(SelectById, [("id", id)], Read, ct);

    internal static ValueTask<Invitation?> FindByTokenAsync(TenantTransaction tx, byte[] hash, DateTimeOffset now, CancellationToken ct) => tx.FindAsync(SelectByToken, [("hash", hash), ("now", now)], Read, ct);

    internal static ValueTask<List<Invitation>> ListByAddressAsync(TenantTransaction tx, string normalized, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(SelectByAddress, [("normalized", normalized), ("now", now)], Read, ct);

    internal static ValueTask<List<Invitation>> ListAsync(TenantTransaction tx, OrganizationId organization, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectPage, [("organization", organization), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    internal static ValueTask<List<Invitation>> ListOldestAsync(TenantTransaction tx, OrganizationId organization, Guid? after, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectOldest, [("organization", organization), ("after", after ?? Guid.Empty), ("limit", limit)], Read, ct);

    /// <returns>False when the address has an open invitation.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Invitation i, byte[] hash, CancellationToken ct)
    {
        await tx.ExecuteAsync(Expire, [("now", i.CreatedAt), ("organization", i.OrganizationId), ("normalized", i.Normalized)], ct);
        return await tx.ExecuteAsync(Insert,
            [("id", i.Id), ("organization", i.OrganizationId), ("email", i.Email), ("normalized", i.Normalized), ("roles", new Json(InvitationsJson.Write(i.Roles))), ("locale", i.Locale), ("hash", hash),
             ("now", i.CreatedAt), ("expires", i.ExpiresAt), ("promised_by", StoredCaller.Write(i.PromisedBy!))], ct) == 1;
    }

    internal static async ValueTask<bool> RenewAsync(TenantTransaction tx, OrganizationId organization, InvitationId id, byte[] hash, Caller promisedBy, DateTimeOffset now, DateTimeOffset expires, CancellationToken ct) =>
        await tx.ExecuteAsync(Renew, [("hash", hash), ("now", now), ("expires", expires), ("promised_by", StoredCaller.Write(promisedBy)), ("id", id), ("organization", organization)], ct) == 1;

    internal static async ValueTask<bool> EndAsync(TenantTransaction tx, InvitationId id, string status, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(End, [("status", status), ("now", now), ("user", user), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> RevokeAsync(TenantTransaction tx, OrganizationId organization, InvitationId id, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Revoke, [("now", now), ("id", id), ("organization", organization)], ct) == 1;

    private static Invitation Read(SqlRow row) => new(row.Id<InvitationId>(0), row.Id<OrganizationId>(1), row.Text(2), row.Text(3), InvitationsJson.Read(row.Text(4)), row.Text(5), row.Text(6),
        row.Time(7), row.Time(8), row.Time(9), row.TimeOrNull(10), row.IdOrNull<UserId>(11)) { PromisedBy = row.TextOrNull(12) is { } caller ? StoredCaller.Read(caller) : null };
}
