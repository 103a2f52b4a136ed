using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary><c>PATCH /api/v1/tenants/{id}</c>: changes the display name. Slug and issuer never change: tokens and links carry them.</summary>
internal static class UpdateTenant
{
    /// <summary>What may be patched, for the documentation.</summary>
    internal sealed record Request(string? DisplayName);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/tenants/{id}", HandleAsync).WithName("tenants.update").WithSummary("Update a tenant").RequirePermission(Scopes.TenantsWrite)
            .Accepts<Request>("application/merge-patch+json", "application/json");

    /// <returns>200; 404 <c>tenant_not_found</c>; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>display_name_invalid</c>.</returns>
    internal static async Task<Results<Ok<TenantView>, ProblemHttpResult>> HandleAsync(string id, MergePatch patch, HttpContext http, TenantContext tenant,
        Caller caller, RequestFacts facts, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.BeginAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        if (ETags.Check(http, row.Version) is { } stale) return stale.ToHttp();
        var name = patch.Expect("display_name") is null ? patch.Text("display_name", row.DisplayName) : "";
        if ((patch.Problem ?? TenantCreation.CheckDisplayName(name)) is { } problem) return problem.ToHttp();
        name = name.Trim();
        if (name != row.DisplayName)
        {
            var now = change.Clock.Now();
            if (!await TenantStore.TryRenameAsync(tx, row, name, now, ct)) return ETags.Changed.ToHttp();
            await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.updated", caller, row.Id, facts), new TenantUpdated(row.Id, "name"), ct);
            await tx.CommitAsync(ct);
            row = row with { DisplayName = name, Version = row.Version + 1, UpdatedAt = now };
        }
        ETags.Set(http, row.Version);
        return TypedResults.Ok(TenantView.Of(row));
    }
}
