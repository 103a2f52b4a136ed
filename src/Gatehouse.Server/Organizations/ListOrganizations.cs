using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

using Gatehouse.Users;

namespace Gatehouse.Organizations;

/// <summary><c>GET /api/v1/organizations</c>: newest first; <c>search</c> is the beginning of a slug or name. <c>GET …/{organization}</c>: one of them.</summary>
internal static class ListOrganizations
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/organizations", HandleAsync).WithName("organizations.list").WithSummary("List organizations").RequirePermission(Scopes.OrganizationsRead);
        api.MapGet("/organizations/{organization}", GetAsync).WithName("organizations.get").WithSummary("Get an organization").RequirePermission(Scopes.OrganizationsRead).InOrganization();
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>search_invalid</c>, <c>status_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<OrganizationView>>, ProblemHttpResult>> HandleAsync(string? search, string? status, string? limit, string? cursor,
        TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        if (search is not null && !PlainText.IsSearchable(search, PersonName.MaxLength))
            return Problem.BadRequest("search_invalid", $"search is the beginning of a slug or name, at most {PersonName.MaxLength} characters.", "search").ToHttp();
        OrganizationStatus? wanted = null;
        if (!string.IsNullOrEmpty(status))
        {
            if (status is not ("active" or "disabled")) return Problem.BadRequest("status_invalid", "status is active or disabled.", "status").ToHttp();
            wanted = status == "active" ? OrganizationStatus.Active : OrganizationStatus.Disabled;
        }
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var found = page.ToPage(await OrganizationStore.ListAsync(tx, string.IsNullOrWhiteSpace(search) ? null : PlainText.Fold(search.Trim()), wanted, page.After, page.Limit + 1, ct), o => o.Id.Value);
        return TypedResults.Ok(new Page<OrganizationView>([.. found.Items.Select(OrganizationView.Of)], found.Next));
    }

    /// <returns>200; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<OrganizationView>, ProblemHttpResult>> GetAsync(string organization, HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await OrganizationStore.FindAsync(tx, id, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(OrganizationView.Of(found));
    }
}
