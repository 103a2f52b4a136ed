using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations;

/// <summary><c>DELETE /api/v1/organizations/{organization}</c>: it, its memberships, and all that other rooms hold of it, for good.</summary>
internal static class DeleteOrganization
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/organizations/{organization}", HandleAsync).WithName("organizations.delete").WithSummary("Delete an organization").RequirePermission(Scopes.OrganizationsWrite).RequireFreshProof();

    /// <returns>204; 404 <c>organization_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string organization, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, AuditLog audit, EventOutbox events, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await OrganizationStore.HoldAsync(tx, id, ct) || await OrganizationStore.FindAsync(tx, id, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        if (ETags.Check(http, found.Version) is { } outdated) return outdated.ToHttp();
        // Subscribers first: whoever must still find its members may.
        await events.PublishAsync(tx, new OrganizationDeleted(id), ct);
        if (!await OrganizationStore.DeleteAsync(tx, id, found.Version, ct)) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, OrganizationAudit.Of("organization.deleted", id, caller, facts, new Dictionary<string, string>(StringComparer.Ordinal) { ["slug"] = found.Slug }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
