using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Organizations;

/// <summary>Somebody who has asked to be let in.</summary>
internal sealed record JoinRequest(OrganizationId OrganizationId, UserId UserId, DateTimeOffset CreatedAt);

/// <summary>The SQL of requests to join.</summary>
internal static class RequestStore
{
    // Asking twice is asking once.
    private const string Insert = """
        INSERT INTO organization_requests (tenant_id, organization_id, user_id, created_at) VALUES (@tenant, @organization, @user, @now)
        ON CONFLICT (tenant_id, organization_id, user_id) DO NOTHING
        """;

    private const string SelectPage = """
        SELECT organization_id, user_id, created_at FROM organization_requests
        WHERE tenant_id = @tenant AND organization_id = @organization AND user_id < @before ORDER BY user_id DESC LIMIT @limit
        """;

    // Whoever deletes it has decided.
    private const string Delete = "DELETE FROM organization_requests WHERE tenant_id = @tenant AND organization_id = @organization AND user_id = @user";

    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, OrganizationId organization, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("organization", organization), ("user", user), ("now", now)], ct) == 1;

    internal static ValueTask<List<JoinRequest>> ListAsync(TenantTransaction tx, OrganizationId organization, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectPage, [("organization", organization), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], row => new JoinRequest(row.Id<OrganizationId>(0), row.Id<UserId>(1), row.Time(2)), ct);

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("organization", organization), ("user", user)], ct) == 1;
}
