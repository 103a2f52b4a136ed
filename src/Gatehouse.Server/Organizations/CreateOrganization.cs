using System.Text.Json;
using System.Text.Json.Serialization;
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

/// <summary><c>POST /api/v1/organizations</c>: creates an organization, with its owner when one is named.</summary>
internal static class CreateOrganization
{
    /// <param name="Slug">Its name in addresses: 1 to 63 lower-case letters, digits and hyphens; unique in the tenant.</param>
    /// <param name="Metadata">Fits the tenant's schema (<c>/organization-schema</c>), where there is one.</param>
    /// <param name="Owner">A user who becomes its first member and owner.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Slug, string? DisplayName, JsonElement? Metadata = null, string? Owner = null);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organizations", HandleAsync).WithName("organizations.create").WithSummary("Create an organization").RequirePermission(Scopes.OrganizationsWrite).Idempotent();

    /// <returns>201; 404 <c>user_not_found</c>; 409 <c>slug_taken</c>, <c>memberships_too_many</c>; 422 <c>slug_invalid</c>, <c>name_invalid</c>, <c>metadata_invalid</c>, <c>metadata_mismatch</c>.</returns>
    internal static async Task<Results<Created<OrganizationView>, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, OrganizationDirectory organizations, IEnumerable<IOrganizationInitializer> initializers, AuditLog audit, EventOutbox events, TimeProvider clock, CancellationToken ct)
    {
        if (!OrganizationRules.Slug(request.Slug).TryGet(out var slug, out var problem) || !OrganizationRules.Name(request.DisplayName).TryGet(out var name, out problem)
            || !OrganizationRules.Metadata(request.Metadata).TryGet(out var metadata, out problem)) return problem.ToHttp();
        UserId? owner = null;
        if (request.Owner is not null)
        {
            if (!UserId.TryParse(request.Owner, out var named)) return OrganizationProblems.UserNotFound.ToHttp();
            owner = named;
        }
        var now = clock.Now();
        var organization = new Organization(OrganizationId.New(clock), slug, name, OrganizationStatus.Active, metadata, 1, now, now);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await MetadataSchema.Instance.CheckAsync(tx, metadata, ct) is { } unfit) return unfit.ToHttp();
        if (!await OrganizationStore.TryInsertAsync(tx, organization, ct)) return OrganizationProblems.SlugTaken.ToHttp();
        if (owner is { } first && await organizations.AddMemberAsync(tx, organization.Id, first, ct) is { } refused) return refused.ToHttp();
        foreach (var initializer in initializers) await initializer.InitializeAsync(tx, organization, owner, ct);
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["slug"] = slug };
        if (owner is { } known) details["owner"] = known.ToString();
        await audit.AppendAsync(tx, OrganizationAudit.Of("organization.created", organization.Id, caller, facts, details), ct);
        await events.PublishAsync(tx, new OrganizationCreated(organization.Id), ct);
        await tx.CommitAsync(ct);

        ETags.Set(http, organization.Version);
        return TypedResults.Created(tenant.Url($"/api/v1/organizations/{organization.Id}"), OrganizationView.Of(organization));
    }
}
