using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary>
/// <c>/api/v1/tenants/{id}/domains</c>: the addresses at which a tenant answers. The canonical one is its issuer and stays; at the others
/// pages lead to it.
/// </summary>
internal static class TenantDomains
{
    private const int MaxPerTenant = 20;

    internal sealed record Request(string? BaseUrl);

    /// <param name="Id">Names the address in <c>DELETE</c>: its host, with a port where it has one.</param>
    internal sealed record DomainView(string Id, string BaseUrl, bool Canonical, DateTimeOffset CreatedAt);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tenants/{id}/domains", ListAsync).WithName("tenants.domains.list").WithSummary("List a tenant's addresses").RequirePermission(Scopes.TenantsRead);
        api.MapPost("/tenants/{id}/domains", AddAsync).WithName("tenants.domains.add").WithSummary("Give a tenant another address").RequirePermission(Scopes.TenantsWrite).Idempotent();
        api.MapDelete("/tenants/{id}/domains/{domain}", RemoveAsync).WithName("tenants.domains.remove").WithSummary("Take an address from a tenant").RequirePermission(Scopes.TenantsWrite);
    }

    /// <returns>200, at most 20, in one page; 404 <c>tenant_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<DomainView>>, ProblemHttpResult>> ListAsync(string id, TenantContext tenant, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.ReadAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        return TypedResults.Ok(new Page<DomainView>(await TenantStore.ListDomainsAsync(tx, row.Id, MaxPerTenant + 1, ct), null));
    }

    /// <returns>201; 403 <c>domain_not_allowed</c>; 404 <c>tenant_not_found</c>; 409 <c>domain_taken</c>, <c>domains_too_many</c>; 422 <c>issuer_invalid</c>.</returns>
    internal static async Task<Results<Created<DomainView>, ProblemHttpResult>> AddAsync(string id, Request request, TenantContext tenant, Caller caller,
        RequestFacts facts, TenantChange change, DomainClaims claims, CancellationToken ct)
    {
        if (!TenantAddress.Parse(request.BaseUrl).TryGet(out var address, out var problem)) return (problem with { Field = "base_url" }).ToHttp();
        if (address.Path.Length > 0) return Problem.Invalid("issuer_invalid", "A further address of a tenant is a host without a path.", "base_url").ToHttp();
        await using var tx = await change.BeginAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        if (await claims.CheckAsync(address, row.Slug, tenant, caller, ct) is { } refused) return refused.ToHttp();
        await TenantStore.TouchAsync(tx, row.Id, ct);
        if ((await TenantStore.ListDomainsAsync(tx, row.Id, MaxPerTenant, ct)).Count == MaxPerTenant)
            return Problem.Conflict("domains_too_many", $"A tenant has at most {MaxPerTenant} addresses.").ToHttp();
        var now = change.Clock.Now();
        if (!await TenantStore.TryInsertDomainAsync(tx, row.Id, address, canonical: false, now, ct))
            return Problem.Conflict("domain_taken", "A tenant answers at that address already.", "base_url").ToHttp();
        await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.domain_added", caller, row.Id, facts, Details(address.Host)), new TenantUpdated(row.Id, "domains"), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created($"{tenant.PathBase}/api/v1/tenants/{row.Id}/domains/{Uri.EscapeDataString(address.Host)}", new DomainView(address.Host, address.BaseUrl, false, now));
    }

    /// <returns>204; 404 <c>tenant_not_found</c>, <c>domain_not_found</c>; 409 <c>domain_canonical</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string id, string domain, TenantContext tenant, Caller caller,
        RequestFacts facts, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.BeginAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        if (row.Issuer == $"https://{domain}" || row.Issuer == $"http://{domain}")
            return Problem.Conflict("domain_canonical", "This address is the tenant's issuer: tokens carry it.").ToHttp();
        if (!await TenantStore.TryDeleteDomainAsync(tx, row.Id, domain, ct)) return Problem.NotFound("domain_not_found", "The tenant has no such address.").ToHttp();
        await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.domain_removed", caller, row.Id, facts, Details(domain)), new TenantUpdated(row.Id, "domains"), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static Dictionary<string, string> Details(string host) => new(StringComparer.Ordinal) { ["host"] = host };
}
