using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations;

/// <summary><c>PATCH /api/v1/organizations/{organization}</c>: slug, name and metadata by merge patch; members inside <c>metadata</c> merge too.</summary>
internal static class UpdateOrganization
{
    /// <summary>What may be changed; for the documentation of the API.</summary>
    internal sealed record Request(string? Slug, string? DisplayName, JsonElement? Metadata, OrganizationSettings? Settings);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/organizations/{organization}", HandleAsync).WithName("organizations.update").WithSummary("Change an organization")
            .Accepts<Request>("application/merge-patch+json", "application/json").RequirePermission(Scopes.OrganizationsWrite).InOrganization();
        api.MapPost("/organizations/{organization}/disable", DisableAsync).WithName("organizations.disable").WithSummary("Disable an organization")
            .RequirePermission(Scopes.OrganizationsWrite);
        api.MapPost("/organizations/{organization}/enable", EnableAsync).WithName("organizations.enable").WithSummary("Enable an organization")
            .RequirePermission(Scopes.OrganizationsWrite);
    }

    /// <returns>200; 404 <c>organization_not_found</c>; 409 <c>slug_taken</c>; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>slug_invalid</c>, <c>name_invalid</c>, <c>metadata_invalid</c>, <c>metadata_mismatch</c>, <c>setting_invalid</c>.</returns>
    internal static async Task<Results<Ok<OrganizationView>, ProblemHttpResult>> HandleAsync(string organization, MergePatch patch, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, OrganizationChange changes, CancellationToken ct)
    {
        if (patch.Expect("slug", "display_name", "metadata", "settings") is { } wrong) return wrong.ToHttp();
        var result = await changes.ApplyAsync(organization, http, tenant, caller, facts, "organization.updated", async (tx, before) =>
        {
            var (slugText, nameText) = (patch.Text("slug", before.Slug), patch.Text("display_name", before.DisplayName));
            if (patch.Problem is { } mistyped) return mistyped;
            if (!OrganizationRules.Slug(slugText).TryGet(out var slug, out var problem) || !OrganizationRules.Name(nameText).TryGet(out var name, out problem)) return problem;
            var metadata = before.Metadata;
            if (patch.TryGet("metadata", out var change) && !OrganizationRules.Merge(before.Metadata, change).TryGet(out metadata, out problem)) return problem;
            // Only where it is touched: what fitted an older schema may be renamed without being rewritten.
            if (patch.Has("metadata") && await MetadataSchema.Instance.CheckAsync(tx, metadata, ct) is { } unfit) return unfit;
            var settings = before.Settings;
            if (patch.TryGet("settings", out var rules) && !OrganizationSettings.Merge(before.Settings, rules).TryGet(out settings, out problem)) return problem;
            return before with { Slug = slug, DisplayName = name, Metadata = metadata, Settings = settings };
        }, ct);
        return result.TryGet(out var after, out var failure) ? TypedResults.Ok(OrganizationView.Of(after)) : failure.ToHttp();
    }

    /// <summary>Its members keep their accounts; tokens speak of it no more, and nobody can choose it.</summary>
    /// <returns>200; 404 <c>organization_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<OrganizationView>, ProblemHttpResult>> DisableAsync(string organization, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, OrganizationChange changes, CancellationToken ct) =>
        SetStatusAsync(organization, OrganizationStatus.Disabled, "organization.disabled", http, tenant, caller, facts, changes, ct);

    /// <returns>200; 404 <c>organization_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<OrganizationView>, ProblemHttpResult>> EnableAsync(string organization, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, OrganizationChange changes, CancellationToken ct) =>
        SetStatusAsync(organization, OrganizationStatus.Active, "organization.enabled", http, tenant, caller, facts, changes, ct);

    private static async Task<Results<Ok<OrganizationView>, ProblemHttpResult>> SetStatusAsync(string organization, OrganizationStatus status, string action, HttpContext http, TenantContext tenant,
        Caller caller, RequestFacts facts, OrganizationChange changes, CancellationToken ct) =>
        (await changes.ApplyAsync(organization, http, tenant, caller, facts, action, (_, before) => ValueTask.FromResult<Result<Organization, Problem>>(before with { Status = status }), ct)).TryGet(out var after, out var failure)
            ? TypedResults.Ok(OrganizationView.Of(after)) : failure.ToHttp();
}
