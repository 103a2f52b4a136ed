using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Groups;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces.Templates;

/// <summary>
/// <c>/api/v1/workspace-templates</c>, and <c>/organizations/{organization}/workspace-templates</c> for an organization's own. A template gives nobody anything:
/// whoever makes a workspace from it must hold what it gives.
/// </summary>
internal static class ManageTemplates
{
    /// <param name="Name">1 to 100 characters; unique among the tenant's own templates, or the organization's.</param>
    /// <param name="OwnerRoles">Keys of roles that the owner of a new workspace gets; left out: <c>workspace_owner</c>.</param>
    /// <param name="MemberRoles">Keys of roles that its default members get.</param>
    /// <param name="Members">Ids of users who belong to it from the beginning; at most 100.</param>
    /// <param name="Groups">Ids of groups whose members do; at most 20. All together at most 200 people.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Name, string? Description = null, IReadOnlyList<string>? OwnerRoles = null, IReadOnlyList<string>? MemberRoles = null, IReadOnlyList<string>? Members = null,
        IReadOnlyList<string>? Groups = null, JsonElement? Settings = null, JsonElement? Metadata = null);

    /// <summary>Members that a patch may have; what is left out stays, lists are replaced whole.</summary>
    internal sealed record Patch(string? Name, string? Description, string[]? OwnerRoles, string[]? MemberRoles, string[]? Members, string[]? Groups, WorkspaceSettings? Settings, JsonElement? Metadata);

    internal static void Map(IEndpointRouteBuilder api)
    {
        const string own = "/workspace-templates", theirs = "/organizations/{organization}" + own, one = "/{template}";
        api.MapPost(own, CreateAsync).WithName("workspace_templates.create").WithSummary("Create a template of workspaces").RequirePermission(Scopes.WorkspacesWrite).Idempotent();
        api.MapGet(own, ListAsync).WithName("workspace_templates.list").WithSummary("List templates of workspaces").RequirePermission(Scopes.WorkspacesRead);
        api.MapGet(own + one, GetAsync).WithName("workspace_templates.get").WithSummary("Get a template of workspaces").RequirePermission(Scopes.WorkspacesRead);
        api.MapPatch(own + one, UpdateAsync).WithName("workspace_templates.update").WithSummary("Change a template of workspaces").RequirePermission(Scopes.WorkspacesWrite).Accepts<Patch>("application/merge-patch+json", "application/json");
        api.MapDelete(own + one, DeleteAsync).WithName("workspace_templates.delete").WithSummary("Delete a template of workspaces").RequirePermission(Scopes.WorkspacesWrite);
        api.MapPost(theirs, CreateAsync).WithName("organizations.workspace_templates.create").WithSummary("Create an organization's template of workspaces").RequirePermission(Scopes.WorkspacesWrite).InOrganization().Idempotent();
        api.MapGet(theirs, ListAsync).WithName("organizations.workspace_templates.list").WithSummary("List an organization's templates of workspaces").RequirePermission(Scopes.WorkspacesRead).InOrganization();
        api.MapGet(theirs + one, GetAsync).WithName("organizations.workspace_templates.get").WithSummary("Get an organization's template of workspaces").RequirePermission(Scopes.WorkspacesRead).InOrganization();
        api.MapPatch(theirs + one, UpdateAsync).WithName("organizations.workspace_templates.update").WithSummary("Change an organization's template of workspaces").RequirePermission(Scopes.WorkspacesWrite).InOrganization()
            .Accepts<Patch>("application/merge-patch+json", "application/json");
        api.MapDelete(theirs + one, DeleteAsync).WithName("organizations.workspace_templates.delete").WithSummary("Delete an organization's template of workspaces").RequirePermission(Scopes.WorkspacesWrite).InOrganization();
    }

    /// <returns>201; 404 <c>organization_not_found</c>; 409 <c>workspace_template_name_taken</c>, <c>workspace_templates_too_many</c>; 422 <c>name_invalid</c>, <c>description_invalid</c>, <c>roles_invalid</c>, <c>roles_unknown</c>,
    /// <c>template_members_invalid</c>, <c>template_groups_invalid</c>, <c>member_unknown</c>, <c>setting_invalid</c>, <c>metadata_invalid</c>.</returns>
    internal static async Task<Results<Created<TemplateView>, ProblemHttpResult>> CreateAsync(WorkspaceOwner of, Request request, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        OrganizationDirectory organizations, TemplateCheck check, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (!TemplateRules.ReadMembers(request.Members).TryGet(out var members, out var problem) || !TemplateRules.ReadGroups(request.Groups).TryGet(out var groups, out problem)
            || !WorkspaceSettings.Merge(WorkspaceSettings.None, request.Settings).TryGet(out var settings, out problem) || !OrganizationRules.Metadata(request.Metadata).TryGet(out var metadata, out problem)) return problem.ToHttp();
        var now = clock.Now();
        var wanted = new WorkspaceTemplate(WorkspaceTemplateId.New(clock), of.Organization, (request.Name ?? "").Trim(), (request.Description ?? "").Trim(),
            new(request.OwnerRoles ?? [], request.MemberRoles ?? [], members, groups, settings, metadata), 1, now, now);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (of.IsUnreadable || (of.Organization is { } owner && !await organizations.HoldAsync(tx, owner, ct))) return OrganizationProblems.NotFound.ToHttp();
        if (await check.CheckAsync(tx, wanted, TemplateContent.Empty, ct) is { } unfit) return unfit.ToHttp();
        if (await TemplateStore.CountOwnedAsync(tx, of.Organization, ct) >= TemplateRules.MaxTemplates)
            return Problem.Conflict("workspace_templates_too_many", $"There are at most {TemplateRules.MaxTemplates} templates of a tenant's own, and as many of an organization.").ToHttp();
        if (!await TemplateStore.TryInsertAsync(tx, wanted, ct)) return TemplateProblems.NameTaken.ToHttp();
        await audit.AppendAsync(tx, Entry("workspace_template.created", wanted, caller, facts), ct);
        await tx.CommitAsync(ct);
        ETags.Set(http, wanted.Version);
        return TypedResults.Created(tenant.Url(of.Organization is { } organization ? $"/api/v1/organizations/{organization}/workspace-templates/{wanted.Id}" : $"/api/v1/workspace-templates/{wanted.Id}"), TemplateView.Of(wanted));
    }

    /// <summary>Newest first; below an organization its own only, else the tenant's own.</summary>
    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<TemplateView>>, ProblemHttpResult>> ListAsync(WorkspaceOwner of, string? limit, string? cursor, TenantContext tenant, IDatabase database, OrganizationDirectory organizations, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (of.IsUnreadable || (of.Organization is { } owner && await organizations.FindAsync(tx, owner, ct) is null)) return OrganizationProblems.NotFound.ToHttp();
        var found = page.ToPage(await TemplateStore.ListOwnedAsync(tx, of.Organization, page.After, page.Limit + 1, ct), t => t.Id.Value);
        return TypedResults.Ok(new Page<TemplateView>([.. found.Items.Select(TemplateView.Of)], found.Next));
    }

    /// <returns>200; 404 <c>workspace_template_not_found</c>.</returns>
    internal static async Task<Results<Ok<TemplateView>, ProblemHttpResult>> GetAsync(WorkspaceOwner of, string template, HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, of, template, ct) is not { } found) return TemplateProblems.NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(TemplateView.Of(found));
    }

    /// <returns>200; 400 <c>body_invalid</c>; 404 <c>workspace_template_not_found</c>; 409 <c>workspace_template_name_taken</c>; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>member_invalid</c> and what creating one says of values.</returns>
    internal static async Task<Results<Ok<TemplateView>, ProblemHttpResult>> UpdateAsync(WorkspaceOwner of, string template, MergePatch patch, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, TemplateCheck check, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (patch.Expect("name", "description", "owner_roles", "member_roles", "members", "groups", "settings", "metadata") is { } wrong) return wrong.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, of, template, ct) is not { } before) return TemplateProblems.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } outdated) return outdated.ToHttp();
        var old = before.Content;
        var (name, description) = (patch.Text("name", before.Name).Trim(), patch.Text("description", before.Description).Trim());
        var (ownerRoles, memberRoles) = (patch.Texts("owner_roles", old.OwnerRoles), patch.Texts("member_roles", old.MemberRoles));
        var (memberTexts, groupTexts) = (patch.Texts("members", [.. old.Members.Select(m => m.ToString())]), patch.Texts("groups", [.. old.Groups.Select(g => g.ToString())]));
        if (patch.Problem is { } mistyped) return mistyped.ToHttp();
        var (settings, metadata) = (old.Settings, old.Metadata);
        if (!TemplateRules.ReadMembers(memberTexts).TryGet(out var members, out var problem) || !TemplateRules.ReadGroups(groupTexts).TryGet(out var groups, out problem)
            || (patch.TryGet("settings", out var newSettings) && !WorkspaceSettings.Merge(old.Settings, newSettings).TryGet(out settings, out problem))
            || (patch.TryGet("metadata", out var newMetadata) && !OrganizationRules.Merge(old.Metadata, newMetadata).TryGet(out metadata, out problem))) return problem.ToHttp();
        var wanted = before with { Name = name, Description = description, Content = new(ownerRoles, memberRoles, members, groups, settings, metadata) };
        if (await check.CheckAsync(tx, wanted, old, ct) is { } unfit) return unfit.ToHttp();
        var now = clock.Now();
        if (!await TemplateStore.TryUpdateAsync(tx, wanted, now, ct))
            return (await TemplateStore.FindAsync(tx, wanted.Id, ct) is { } there && there.Version == wanted.Version ? TemplateProblems.NameTaken : ETags.Changed).ToHttp();
        await audit.AppendAsync(tx, Entry("workspace_template.updated", wanted, caller, facts), ct);
        await tx.CommitAsync(ct);
        wanted = wanted with { Version = wanted.Version + 1, UpdatedAt = now };
        ETags.Set(http, wanted.Version);
        return TypedResults.Ok(TemplateView.Of(wanted));
    }

    /// <summary>What was made from it stays as it is.</summary>
    /// <returns>204; 404 <c>workspace_template_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(WorkspaceOwner of, string template, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, of, template, ct) is not { } found) return TemplateProblems.NotFound.ToHttp();
        if (ETags.Check(http, found.Version) is { } outdated) return outdated.ToHttp();
        if (!await TemplateStore.TryDeleteAsync(tx, found, ct)) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, Entry("workspace_template.deleted", found, caller, facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async ValueTask<WorkspaceTemplate?> FindAsync(TenantTransaction tx, WorkspaceOwner of, string template, CancellationToken ct) =>
        !of.IsUnreadable && WorkspaceTemplateId.TryParse(template, out var id) && await TemplateStore.FindAsync(tx, id, ct) is { } found && found.Organization == of.Organization ? found : null;

    private static AuditEntry Entry(string action, WorkspaceTemplate template, Caller caller, RequestFacts facts) =>
        new(action, AuditOutcome.Success, AuditActor.Of(caller), "workspace_template", template.Id.ToString(), facts, new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = template.Name }) { Organization = template.Organization };
}

/// <summary>Whether there is what a template names, where it may be named.</summary>
internal sealed class TemplateCheck(IWorkspaceRoles roles, UserDirectory users, GroupDirectory groups, OrganizationDirectory organizations)
{
    /// <param name="before">What it named already is not asked again: who has left since is passed over when a workspace is made.</param>
    internal async ValueTask<Problem?> CheckAsync(TenantTransaction tx, WorkspaceTemplate wanted, TemplateContent before, CancellationToken ct)
    {
        var content = wanted.Content;
        if ((WorkspaceRules.Check(wanted.Name, wanted.Description) ?? WorkspaceRules.CheckRoles(content.OwnerRoles, "owner_roles") ?? WorkspaceRules.CheckRoles(content.MemberRoles, "member_roles")) is { } unfit) return unfit;
        foreach (var (keys, field) in ((IReadOnlyList<string>, string)[])[(content.OwnerRoles, "owner_roles"), (content.MemberRoles, "member_roles"), (content.Settings.DefaultRoles ?? [], "settings.default_roles")])
            if (await roles.CheckAsync(tx, keys, field, ct) is { } unknown) return unknown;
        foreach (var user in content.Members.Except(before.Members))
            // Of an organization's template: one who is not its member is as absent as one who is not there.
            if (await users.FindAsync(tx, user, ct) is null || (wanted.Organization is { } organization && !await organizations.IsMemberAsync(tx, organization, user, ct)))
                return Problem.Invalid("template_members_invalid", "members names somebody who is not a user of this tenant, or not a member of the organization.", "members");
        foreach (var id in content.Groups.Except(before.Groups))
            if (await groups.FindAsync(tx, id, ct) is not { } group || group.Organization != wanted.Organization)
                return Problem.Invalid("template_groups_invalid", "groups names one that is not a group of the tenant's own, or of the organization whose template this is.", "groups");
        return null;
    }
}
