using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary><c>POST /api/v1/tenants</c>: creates a tenant below the caller's.</summary>
internal static class CreateTenant
{
    /// <param name="Slug">1 to 63 lower-case letters, digits and inner hyphens; unique on this server.</param>
    /// <param name="Issuer">Base URL of its own, for example <c>https://id.acme.com</c>. Default: <c>/t/{slug}</c> below the root tenant's. Another host needs an administrator of the root tenant.</param>
    internal sealed record Request(string? Slug, string? DisplayName, string? Issuer = null);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/tenants", HandleAsync).WithName("tenants.create").WithSummary("Create a tenant").RequirePermission(Scopes.TenantsWrite).Idempotent();

    /// <returns>201; 403 <c>domain_not_allowed</c>, <c>tenant_registered</c>; 409 <c>slug_taken</c>, <c>domain_taken</c>; 422 <c>slug_invalid</c>, <c>display_name_invalid</c>, <c>issuer_invalid</c>.</returns>
    internal static async Task<Results<Created<TenantView>, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant,
        Caller caller, RequestFacts facts, TenantChange change, TenantCreation creation, DomainClaims claims, IEnumerable<IChildTenantGuard> guards, CancellationToken ct)
    {
        var slug = request.Slug ?? "";
        var issuer = request.Issuer ?? $"{(await claims.RootOfAsync(tenant, ct)).Issuer}/t/{slug}";
        using var supplies = creation.Prepare();
        await using var tx = await change.BeginAsync(ct);
        foreach (var guard in guards)
            if (await guard.CheckAsync(tx, caller.HomeTenant, ct) is { } kept) return kept.ToHttp();
        // Holds the parent until commit, so that it cannot be deleted between this look and the child's birth.
        if (!await TenantStore.TouchAsync(tx, tenant.Id, ct)) return TenantChange.Unknown.ToHttp();
        if (!(await creation.CreateAsync(tx, supplies, slug, request.DisplayName ?? "", issuer, tenant.Id, ct)).TryGet(out var made, out var problem)) return problem.ToHttp();
        if (request.Issuer is not null && (!TenantAddress.Parse(issuer).TryGet(out var address, out problem) || (problem = await claims.CheckAsync(address, slug, tenant, caller, ct)) is not null))
            return problem.ToHttp();
        await change.RecordAsync(tx, tenant, made.Id, TenantChange.Entry("tenant.created", caller, made.Id, facts), new TenantCreated(made.Id, tenant.Id, slug), ct);
        var row = (await TenantStore.FindAsync(tx, made.Id, ct))!;
        await tx.CommitAsync(ct);

        ETags.Set(http, row.Version);
        return TypedResults.Created($"{tenant.PathBase}/api/v1/tenants/{made.Id}", TenantView.Of(row));
    }
}
