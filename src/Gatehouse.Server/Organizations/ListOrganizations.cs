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
    // Ids follow the time they were made at. A search has the newest first.
    internal static readonly ListShape<Organization> Shape = new(
        organization => organization.Id.Value,
        [new("created_at"), new("display_name", o => PlainText.Fold(o.DisplayName), Bounds: false)],
        [
            ListField<Organization>.Exact("id", o => o.Id.ToString()),
            ListField<Organization>.Text("slug", o => o.Slug),
            ListField<Organization>.Text("display_name", o => o.DisplayName),
            ListField<Organization>.Exact("status", o => OrganizationStore.StatusText(o.Status), "active", "disabled"),
            ListField<Organization>.Time("created_at", o => o.CreatedAt),
            ListField<Organization>.Time("updated_at", o => o.UpdatedAt),
        ]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/organizations", HandleAsync).WithName("organizations.list").WithSummary("List organizations").RequirePermission(Scopes.OrganizationsRead).Lists(Shape);
        api.MapGet("/organizations/{organization}", GetAsync).WithName("organizations.get").WithSummary("Get an organization").RequirePermission(Scopes.OrganizationsRead).InOrganization();
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>, <c>search_invalid</c>, <c>status_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<OrganizationView>>, ProblemHttpResult>> HandleAsync(string? search, string? status, HttpContext http,
        TenantContext tenant, IDatabase database, Lists lists, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        if (search is not null && !PlainText.IsSearchable(search, PersonName.MaxLength))
            return Problem.BadRequest("search_invalid", $"search is the beginning of a slug or name, at most {PersonName.MaxLength} characters.", "search").ToHttp();
        OrganizationStatus? wanted = null;
        if (!string.IsNullOrEmpty(status))
        {
            if (status is not ("active" or "disabled")) return Problem.BadRequest("status_invalid", "status is active or disabled.", "status").ToHttp();
            wanted = status == "active" ? OrganizationStatus.Active : OrganizationStatus.Disabled;
        }
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var text = string.IsNullOrWhiteSpace(search) ? null : PlainText.Fold(search.Trim());
        if (text is not null && (query.Sort.Name != "created_at" || !query.Descending)) return Problem.BadRequest("sort_invalid", "What is searched for comes newest first.", "sort").ToHttp();
        var found = await query.ReadAsync((after, limit) => text is null ? OrganizationStore.ListAsync(tx, query, after, limit, ct) : OrganizationStore.ListAsync(tx, text, wanted, after?.Id, limit, ct),
            wanted is null ? null : o => o.Status == wanted);
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
