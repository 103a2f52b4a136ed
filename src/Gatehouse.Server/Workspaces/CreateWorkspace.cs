using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Workspaces.Templates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces;

/// <summary>
/// <c>POST /api/v1/workspaces</c> makes one of the tenant's own, <c>POST /api/v1/organizations/{organization}/workspaces</c> one of an organization's, from a template
/// where one is named, all in one transaction. A fresh proof, because it gives roles.
/// </summary>
internal static class CreateWorkspace
{
    /// <param name="Slug">1 to 63 lower-case letters, digits and hyphens; unique in the organization, or among the tenant's own.</param>
    /// <param name="Metadata">Fits the tenant's schema (<c>/workspace-schema</c>), where there is one.</param>
    /// <param name="Owner">A user who becomes its first member and owner; left out: whoever calls, where that is somebody who can be a member.</param>
    /// <param name="Template">Id of a template of the tenant's own, or of this organization's.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Slug, string? Name, string? Description = null, JsonElement? Metadata = null, JsonElement? Settings = null, string? Owner = null, string? Template = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/workspaces", HandleAsync).WithName("workspaces.create").WithSummary("Create a workspace of the tenant's own").RequirePermission(Scopes.WorkspacesWrite).RequireFreshProof().Idempotent();
        api.MapPost("/organizations/{organization}/workspaces", HandleAsync).WithName("organizations.workspaces.create").WithSummary("Create a workspace of an organization")
            .RequirePermission(Scopes.WorkspacesWrite).InOrganization().RequireFreshProof().Idempotent();
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>, <c>user_not_found</c>, <c>workspace_template_not_found</c>;
    /// 409 <c>slug_taken</c>, <c>workspaces_too_many</c>, <c>workspace_members_too_many</c>; 422 <c>slug_invalid</c>, <c>name_invalid</c>, <c>description_invalid</c>, <c>metadata_invalid</c>,
    /// <c>metadata_mismatch</c>, <c>member_unknown</c>, <c>setting_invalid</c>, <c>roles_invalid</c>, <c>roles_unknown</c>, <c>user_not_member</c>.</returns>
    internal static async Task<Results<Created<WorkspaceView>, ProblemHttpResult>> HandleAsync(WorkspaceOwner of, Request request, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, WorkspaceCreation creation, TimeProvider clock, CancellationToken ct)
    {
        if (of.IsUnreadable) return OrganizationProblems.NotFound.ToHttp();
        if (!WorkspaceRules.Slug(request.Slug).TryGet(out var slug, out var problem)) return problem.ToHttp();
        var (name, description, now) = ((request.Name ?? "").Trim(), (request.Description ?? "").Trim(), clock.Now());
        if (WorkspaceRules.Check(name, description) is { } wrong) return wrong.ToHttp();
        UserId? owner = null;
        if (request.Owner is not null)
        {
            if (!UserId.TryParse(request.Owner, out var named)) return WorkspaceProblems.UserNotFound.ToHttp();
            owner = named;
        }

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        WorkspaceTemplate? template = null;
        if (request.Template is not null && (!WorkspaceTemplateId.TryParse(request.Template, out var id) || (template = await TemplateStore.FindAsync(tx, id, ct)) is null || (template.Organization is not null && template.Organization != of.Organization)))
            return TemplateProblems.NotFound.ToHttp();
        if (!Fill(request.Metadata, template?.Content.Metadata).TryGet(out var metadata, out problem)
            || !WorkspaceSettings.Merge(template?.Content.Settings ?? WorkspaceSettings.None, request.Settings).TryGet(out var settings, out problem)) return problem.ToHttp();
        var workspace = new Workspace(WorkspaceId.New(clock), of.Organization, null, slug, name, description, WorkspaceStatus.Active, metadata, settings, 1, now, now, null);
        if (await creation.MakeAsync(tx, new(workspace, owner, template), caller, facts, ct) is { } refused) return refused.ToHttp();
        await tx.CommitAsync(ct);

        ETags.Set(http, workspace.Version);
        return TypedResults.Created(tenant.Url($"/api/v1/workspaces/{workspace.Id}"), WorkspaceView.Of(workspace));
    }

    private static Result<string, Problem> Fill(JsonElement? metadata, string? from) =>
        from is null ? OrganizationRules.Metadata(metadata) : metadata is { } given ? OrganizationRules.Merge(from, given) : from;
}

/// <summary>Whose workspaces or templates a route is about: those of the organization in its path, or the tenant's own.</summary>
/// <param name="IsUnreadable">The path names something that is no organization's id.</param>
internal sealed record WorkspaceOwner(OrganizationId? Organization, bool IsUnreadable)
{
    public static ValueTask<WorkspaceOwner?> BindAsync(HttpContext http) => ValueTask.FromResult<WorkspaceOwner?>(
        http.Request.RouteValues["organization"] is not string text ? new(null, false)
        : OrganizationId.TryParse(text, out var id) ? new(id, false) : new(null, true));
}
