using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Domains;

/// <summary>A claim as the management API shows one.</summary>
/// <param name="Status"><c>pending</c>, <c>verified</c>, or <c>failing</c>: its proof is not found any more, and it will be lost.</param>
/// <param name="RecordName">Where a TXT record with <paramref name="Value"/> proves it; or a line of the file at <paramref name="FileUrl"/>.</param>
internal sealed record DomainView(string Domain, string Status, string RecordName, string FileUrl, string Value, string? Method, DateTimeOffset CreatedAt, DateTimeOffset? VerifiedAt, DateTimeOffset? CheckedAt, DateTimeOffset? FailingSince)
{
    internal static DomainView Of(DomainClaim c) => new(c.Domain, c.VerifiedAt is null ? "pending" : c.FailingSince is null ? "verified" : "failing", DomainProofs.RecordName(c.Domain),
        $"https://{c.Domain}{DomainProofs.FilePath}", DomainProofs.Value(c.Token), c.Method, c.CreatedAt, c.VerifiedAt, c.CheckedAt, c.FailingSince);
}

internal sealed record DomainList(IReadOnlyList<DomainView> Items);

/// <summary><c>/api/v1/organizations/{organization}/domains</c>: which domains are its own.</summary>
internal static class ManageDomains
{
    private const int MaxPerOrganization = 100, ChecksPerHour = 30;

    /// <param name="Domain">For example <c>example.com</c>.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Domain);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/organizations/{organization}/domains", AddAsync).WithName("domains.add").WithSummary("Claim a domain").RequirePermission(Scopes.OrganizationsWrite).InOrganization().Idempotent();
        api.MapGet("/organizations/{organization}/domains", ListAsync).WithName("domains.list").WithSummary("List an organization's domains").RequirePermission(Scopes.OrganizationsRead).InOrganization();
        api.MapPost("/organizations/{organization}/domains/{domain}/verify", VerifyAsync).WithName("domains.verify").WithSummary("Check a domain now").RequirePermission(Scopes.OrganizationsWrite).InOrganization();
        api.MapDelete("/organizations/{organization}/domains/{domain}", RemoveAsync).WithName("domains.remove").WithSummary("Give up a domain").RequirePermission(Scopes.OrganizationsWrite).InOrganization();
    }

    /// <returns>201; 404 <c>organization_not_found</c>; 409 <c>domain_exists</c>, <c>domains_too_many</c>; 422 <c>domain_invalid</c>, <c>domain_shared</c>.</returns>
    internal static async Task<Results<Created<DomainView>, ProblemHttpResult>> AddAsync(string organization, Request request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        if (!DomainName.Parse(request.Domain).TryGet(out var domain, out var problem)) return problem.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await OrganizationStore.HoldAsync(tx, id, ct)) return OrganizationProblems.NotFound.ToHttp();
        if ((await DomainStore.ListAsync(tx, id, MaxPerOrganization, ct)).Count >= MaxPerOrganization)
            return Problem.Conflict("domains_too_many", $"An organization claims at most {MaxPerOrganization} domains.").ToHttp();
        // Random for each claim: what proves one organization's proves no other's.
        if (!await DomainStore.TryInsertAsync(tx, id, domain, Secret.New("")[..32], clock.Now(), ct)) return Problem.Conflict("domain_exists", "This organization claims that domain already.", "domain").ToHttp();
        await audit.AppendAsync(tx, OrganizationAudit.Of("domain.claimed", id, caller, facts, Details(domain)), ct);
        var claim = (await DomainStore.FindAsync(tx, id, domain, ct))!;
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/organizations/{id}/domains"), DomainView.Of(claim));
    }

    /// <returns>200; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<DomainList>, ProblemHttpResult>> ListAsync(string organization, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await OrganizationStore.FindAsync(tx, id, ct) is null) return OrganizationProblems.NotFound.ToHttp();
        return TypedResults.Ok(new DomainList([.. (await DomainStore.ListAsync(tx, id, MaxPerOrganization, ct)).Select(DomainView.Of)]));
    }

    /// <summary>Looks for the record, then for the file.</summary>
    /// <returns>200; 404 <c>organization_not_found</c>, <c>domain_not_found</c>; 409 <c>domain_taken</c>; 422 <c>domain_not_proved</c>; 429 <c>domain_checks_too_many</c>.</returns>
    internal static async Task<Results<Ok<DomainView>, ProblemHttpResult>> VerifyAsync(string organization, string domain, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        DomainProofs proofs, RateLimit limits, AuditLog audit, EventOutbox events, TimeProvider clock, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        DomainClaim? claim;
        await using (var read = await database.ReadAsync(tenant.Id, ct))
        {
            if (await OrganizationStore.FindAsync(read, id, ct) is null) return OrganizationProblems.NotFound.ToHttp();
            claim = await DomainStore.FindAsync(read, id, domain, ct);
        }
        if (claim is null) return NotFound.ToHttp();
        // Each asks servers that this request names: nobody makes us a gun.
        if (!await limits.TryTakeAsync(tenant.Id, "domain.check", id.ToString(), ChecksPerHour, TimeSpan.FromHours(1), ct))
            return Problem.TooMany("domain_checks_too_many", $"Domains of one organization are checked at most {ChecksPerHour} times an hour. Wait, and try again.").ToHttp();
        if (await proofs.FindAsync(claim, ct) is not { } method)
            return Problem.Invalid("domain_not_proved", $"Neither a TXT record at {DomainProofs.RecordName(domain)} nor a line of https://{domain}{DomainProofs.FilePath} says it. New records may take a while to be seen.").ToHttp();

        var now = clock.Now();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // The claim's row first: taken back meanwhile, it proves nothing.
        if (!await DomainStore.FoundAsync(tx, claim, method, now, now + DomainChecks.Every, ct)) return NotFound.ToHttp();
        if (!await DomainStore.TryOwnAsync(tx, id, domain, ct)) return Problem.Conflict("domain_taken", "Another organization of this tenant has proved this domain and still holds it.").ToHttp();
        if (claim.VerifiedAt is null)
        {
            await audit.AppendAsync(tx, OrganizationAudit.Of("domain.verified", id, caller, facts, Details(domain, method)), ct);
            await events.PublishAsync(tx, new DomainVerified(id, domain), ct);
        }
        await tx.CommitAsync(ct);
        return TypedResults.Ok(DomainView.Of(claim with { VerifiedAt = claim.VerifiedAt ?? now, Method = method, CheckedAt = now, FailingSince = null }));
    }

    /// <summary>Who joined by it stays a member.</summary>
    /// <returns>204; 404 <c>organization_not_found</c>, <c>domain_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string organization, string domain, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        AuditLog audit, EventOutbox events, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await OrganizationStore.HoldAsync(tx, id, ct)) return OrganizationProblems.NotFound.ToHttp();
        if (await DomainStore.FindAsync(tx, id, domain, ct) is not { } claim || !await DomainStore.DeleteAsync(tx, id, domain, ct)) return NotFound.ToHttp();
        await audit.AppendAsync(tx, OrganizationAudit.Of("domain.removed", id, caller, facts, Details(domain)), ct);
        if (claim.VerifiedAt is not null) await events.PublishAsync(tx, new DomainLost(id, domain), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    internal static Dictionary<string, string> Details(string domain, string? method = null)
    {
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["domain"] = domain };
        if (method is not null) details["method"] = method;
        return details;
    }

    private static Problem NotFound { get; } = Problem.NotFound("domain_not_found", "This organization claims no such domain.");
}
