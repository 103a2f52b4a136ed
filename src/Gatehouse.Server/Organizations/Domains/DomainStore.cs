using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Organizations.Domains;

/// <summary>A domain that an organization claims.</summary>
/// <param name="Token">What its record or file must say; this claim's alone.</param>
/// <param name="VerifiedAt">Since when it is proved; null: it is not.</param>
/// <param name="FailingSince">Since when the proof cannot be found any more.</param>
internal sealed record DomainClaim(OrganizationId OrganizationId, string Domain, string Token, DateTimeOffset CreatedAt, DateTimeOffset? VerifiedAt, string? Method, DateTimeOffset? CheckedAt, DateTimeOffset? FailingSince);

/// <summary>The SQL of domains.</summary>
internal static class DomainStore
{
    private const string Columns = "organization_id, domain, token, created_at, verified_at, method, checked_at, failing_since";

    private const string Select = $"SELECT {Columns} FROM organization_domains WHERE tenant_id = @tenant AND organization_id = @organization AND domain = @domain";
    private const string SelectAll = $"SELECT {Columns} FROM organization_domains WHERE tenant_id = @tenant AND organization_id = @organization ORDER BY domain LIMIT @limit";

    private const string Insert = """
        INSERT INTO organization_domains (tenant_id, organization_id, domain, token, created_at) VALUES (@tenant, @organization, @domain, @token, @now)
        ON CONFLICT (tenant_id, organization_id, domain) DO NOTHING
        """;

    private const string Delete = "DELETE FROM organization_domains WHERE tenant_id = @tenant AND organization_id = @organization AND domain = @domain";

    // One owner, however many prove it at the same moment: the key decides.
    private const string Own = """
        INSERT INTO domain_owners (tenant_id, domain, organization_id) VALUES (@tenant, @domain, @organization) ON CONFLICT (tenant_id, domain) DO NOTHING
        """;

    private const string Disown = "DELETE FROM domain_owners WHERE tenant_id = @tenant AND domain = @domain AND organization_id = @organization";
    private const string SelectOwner = "SELECT organization_id FROM domain_owners WHERE tenant_id = @tenant AND domain = @domain";

    private const string Found = """
        UPDATE organization_domains SET verified_at = COALESCE(verified_at, @now), method = @method, checked_at = @now, next_check_at = @next, failing_since = NULL
        WHERE tenant_id = @tenant AND organization_id = @organization AND domain = @domain AND token = @token
        """;

    private const string Missed = """
        UPDATE organization_domains SET checked_at = @now, next_check_at = @next, failing_since = COALESCE(failing_since, @now)
        WHERE tenant_id = @tenant AND organization_id = @organization AND domain = @domain AND verified_at IS NOT NULL
        """;

    private const string Lost = """
        UPDATE organization_domains SET verified_at = NULL, method = NULL, next_check_at = NULL, failing_since = NULL
        WHERE tenant_id = @tenant AND organization_id = @organization AND domain = @domain AND verified_at IS NOT NULL
        """;

    private const string FindDueTenants = "SELECT DISTINCT tenant_id FROM organization_domains WHERE next_check_at < @now LIMIT 100";

    private const string SelectDue = $"SELECT {Columns} FROM organization_domains WHERE tenant_id = @tenant AND next_check_at < @now ORDER BY next_check_at LIMIT @limit";

    // Whoever moves it on checks it: of several processes, one.
    private const string Claim = """
        UPDATE organization_domains SET next_check_at = @next WHERE tenant_id = @tenant AND organization_id = @organization AND domain = @domain AND next_check_at < @now
        """;

    internal static ValueTask<DomainClaim?> FindAsync(TenantTransaction tx, OrganizationId organization, string domain, CancellationToken ct) =>
        tx.FindAsync(Select, [("organization", organization), ("domain", domain)], Read, ct);

    internal static ValueTask<List<DomainClaim>> ListAsync(TenantTransaction tx, OrganizationId organization, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectAll, [("organization", organization), ("limit", limit)], Read, ct);

    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, OrganizationId organization, string domain, string token, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("organization", organization), ("domain", domain), ("token", token), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, OrganizationId organization, string domain, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("organization", organization), ("domain", domain)], ct) == 1;

    internal static ValueTask<OrganizationId?> FindOwnerAsync(TenantTransaction tx, string domain, CancellationToken ct) =>
        tx.FindValueAsync(SelectOwner, [("domain", domain)], row => row.Id<OrganizationId>(0), ct);

    /// <returns>False when it is another organization's.</returns>
    internal static async ValueTask<bool> TryOwnAsync(TenantTransaction tx, OrganizationId organization, string domain, CancellationToken ct) =>
        await tx.ExecuteAsync(Own, [("domain", domain), ("organization", organization)], ct) == 1 || await FindOwnerAsync(tx, domain, ct) == organization;

    /// <returns>False when the claim is gone, or was made anew with another token.</returns>
    internal static async ValueTask<bool> FoundAsync(TenantTransaction tx, DomainClaim claim, string method, DateTimeOffset now, DateTimeOffset next, CancellationToken ct) =>
        await tx.ExecuteAsync(Found, [("now", now), ("method", method), ("next", next), ("organization", claim.OrganizationId), ("domain", claim.Domain), ("token", claim.Token)], ct) == 1;

    internal static async ValueTask<bool> MissedAsync(TenantTransaction tx, DomainClaim claim, DateTimeOffset now, DateTimeOffset next, CancellationToken ct) =>
        await tx.ExecuteAsync(Missed, [("now", now), ("next", next), ("organization", claim.OrganizationId), ("domain", claim.Domain)], ct) == 1;

    internal static async ValueTask<bool> LostAsync(TenantTransaction tx, DomainClaim claim, CancellationToken ct)
    {
        if (await tx.ExecuteAsync(Lost, [("organization", claim.OrganizationId), ("domain", claim.Domain)], ct) != 1) return false;
        await tx.ExecuteAsync(Disown, [("domain", claim.Domain), ("organization", claim.OrganizationId)], ct);
        return true;
    }

    internal static ValueTask<List<TenantId>> FindDueTenantsAsync(SystemTransaction tx, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(FindDueTenants, [("now", now)], row => row.Id<TenantId>(0), ct);

    internal static ValueTask<List<DomainClaim>> ListDueAsync(TenantTransaction tx, DateTimeOffset now, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectDue, [("now", now), ("limit", limit)], Read, ct);

    internal static async ValueTask<bool> TryClaimAsync(TenantTransaction tx, DomainClaim claim, DateTimeOffset now, DateTimeOffset next, CancellationToken ct) =>
        await tx.ExecuteAsync(Claim, [("next", next), ("organization", claim.OrganizationId), ("domain", claim.Domain), ("now", now)], ct) == 1;

    private static DomainClaim Read(SqlRow row) => new(row.Id<OrganizationId>(0), row.Text(1), row.Text(2), row.Time(3), row.TimeOrNull(4), row.TextOrNull(5), row.TimeOrNull(6), row.TimeOrNull(7));
}
