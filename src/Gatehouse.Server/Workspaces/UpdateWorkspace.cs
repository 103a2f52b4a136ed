using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces;

/// <summary><c>PATCH /api/v1/workspaces/{workspace}</c> by merge patch; <c>POST …/archive</c>, <c>…/restore</c>; <c>DELETE</c>.</summary>
internal static class UpdateWorkspace
{
    /// <summary>What may be changed; for the documentation of the API.</summary>
    internal sealed record Patch(string? Slug, string? Name, string? Description, JsonElement? Metadata, WorkspaceSettings? Settings);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/workspaces/{workspace}", HandleAsync).WithName("workspaces.update").WithSummary("Change a workspace")
            .Accepts<Patch>("application/merge-patch+json", "application/json").RequirePermission(Scopes.WorkspacesWrite).InWorkspace();
        api.MapPost("/workspaces/{workspace}/archive", ArchiveAsync).WithName("workspaces.archive").WithSummary("Archive a workspace").RequirePermission(Scopes.WorkspacesWrite).InWorkspace();
        api.MapPost("/workspaces/{workspace}/restore", RestoreAsync).WithName("workspaces.restore").WithSummary("Restore an archived workspace").RequirePermission(Scopes.WorkspacesWrite).InWorkspace();
        api.MapDelete("/workspaces/{workspace}", DeleteAsync).WithName("workspaces.delete").WithSummary("Delete a workspace").RequirePermission(Scopes.WorkspacesWrite).InWorkspace().RequireFreshProof();
    }

    /// <returns>200; 400 <c>body_invalid</c>; 404 <c>workspace_not_found</c>; 409 <c>slug_taken</c>, <c>workspace_archived</c>, <c>workspace_personal</c>; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>member_invalid</c>,
    /// <c>slug_invalid</c>, <c>name_invalid</c>, <c>description_invalid</c>, <c>metadata_invalid</c>, <c>metadata_mismatch</c>, <c>setting_invalid</c>, <c>roles_invalid</c>, <c>roles_unknown</c>.</returns>
    internal static async Task<Results<Ok<WorkspaceView>, ProblemHttpResult>> HandleAsync(string workspace, MergePatch patch, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        WorkspaceChange changes, IWorkspaceRoles roles, CancellationToken ct)
    {
        if (patch.Expect("slug", "name", "description", "metadata", "settings") is { } wrong) return wrong.ToHttp();
        return await changes.ApplyAsync(workspace, http, tenant, caller, facts, "workspace.updated", async (tx, before) =>
        {
            if (before.Status == WorkspaceStatus.Archived) return WorkspaceProblems.Archived;
            var wanted = before with { Slug = patch.Text("slug", before.Slug), Name = patch.Text("name", before.Name).Trim(), Description = patch.Text("description", before.Description).Trim() };
            if (patch.Problem is { } mistyped) return mistyped;
            if (wanted.Slug != before.Slug && before.PersonalOf is not null) return WorkspaceProblems.Personal;
            if (wanted.Slug != before.Slug && !WorkspaceRules.Slug(wanted.Slug).TryGet(out _, out var problem)) return problem;
            if (WorkspaceRules.Check(wanted.Name, wanted.Description) is { } unfit) return unfit;
            if (patch.TryGet("metadata", out var change))
            {
                if (!OrganizationRules.Merge(before.Metadata, change).TryGet(out var metadata, out problem)) return problem;
                if (await WorkspaceSchema.Instance.CheckAsync(tx, metadata, ct) is { } mismatch) return mismatch;
                wanted = wanted with { Metadata = metadata };
            }
            if (patch.TryGet("settings", out var settings))
            {
                if (!WorkspaceSettings.Merge(before.Settings, settings).TryGet(out var merged, out problem)) return problem;
                if (merged.DefaultRoles is { } keys && await roles.CheckAsync(tx, keys, "settings.default_roles", ct) is { } unknown) return unknown;
                wanted = wanted with { Settings = merged };
            }
            return wanted;
        }, ct);
    }

    /// <summary>All stays; nothing changes in it, and what was held for it counts no more.</summary>
    /// <returns>200; 404 <c>workspace_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<WorkspaceView>, ProblemHttpResult>> ArchiveAsync(string workspace, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, WorkspaceChange changes, TimeProvider clock, CancellationToken ct) =>
        changes.ApplyAsync(workspace, http, tenant, caller, facts, "workspace.archived",
            (_, before) => ValueTask.FromResult<Result<Workspace, Problem>>(before with { Status = WorkspaceStatus.Archived, ArchivedAt = before.ArchivedAt ?? clock.Now() }), ct);

    /// <summary>What was held for it counts again; so it takes who may do this in its organization or the tenant.</summary>
    /// <returns>200; 404 <c>workspace_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<WorkspaceView>, ProblemHttpResult>> RestoreAsync(string workspace, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, WorkspaceChange changes, CancellationToken ct) =>
        changes.ApplyAsync(workspace, http, tenant, caller, facts, "workspace.restored",
            (_, before) => ValueTask.FromResult<Result<Workspace, Problem>>(before with { Status = WorkspaceStatus.Active, ArchivedAt = null }), ct);

    /// <summary>It, its memberships, and all that other rooms hold of it, for good.</summary>
    /// <returns>204; 404 <c>workspace_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string workspace, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        WorkspaceMembership memberships, AuditLog audit, CancellationToken ct)
    {
        if (!WorkspaceId.TryParse(workspace, out var id)) return WorkspaceProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await memberships.HoldAsync(tx, id, ct) is not { } found) return WorkspaceProblems.NotFound.ToHttp();
        if (ETags.Check(http, found.Version) is { } outdated) return outdated.ToHttp();
        if (!await memberships.DeleteAsync(tx, found, ct)) return WorkspaceProblems.NotFound.ToHttp();
        await audit.AppendAsync(tx, WorkspaceAudit.Of("workspace.deleted", found, caller, facts, new Dictionary<string, string>(StringComparer.Ordinal) { ["slug"] = found.Slug }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}

/// <summary>What changing a workspace always takes: find it (or 404), honour <c>If-Match</c>, change, audit, tell, commit; all of it one transaction.</summary>
internal sealed class WorkspaceChange(IDatabase database, AuditLog audit, EventOutbox events, TimeProvider clock)
{
    internal async Task<Results<Ok<WorkspaceView>, ProblemHttpResult>> ApplyAsync(string workspace, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, string action,
        Func<TenantTransaction, Workspace, ValueTask<Result<Workspace, Problem>>> change, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!WorkspaceId.TryParse(workspace, out var id) || await WorkspaceStore.FindAsync(tx, id, ct) is not { } before) return WorkspaceProblems.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } outdated) return outdated.ToHttp();
        if (!(await change(tx, before)).TryGet(out var wanted, out var problem)) return problem.ToHttp();
        var now = clock.Now();
        if (!await WorkspaceStore.TryUpdateAsync(tx, wanted, now, ct))
            return (await WorkspaceStore.IsSlugTakenAsync(tx, wanted.Organization, wanted.Slug, id, ct) ? WorkspaceProblems.SlugTaken : ETags.Changed).ToHttp();
        await audit.AppendAsync(tx, WorkspaceAudit.Of(action, wanted, caller, facts), ct);
        await events.PublishAsync(tx, new WorkspaceUpdated(id, wanted.Organization), ct);
        await tx.CommitAsync(ct);
        wanted = wanted with { Version = wanted.Version + 1, UpdatedAt = now };
        ETags.Set(http, wanted.Version);
        return TypedResults.Ok(WorkspaceView.Of(wanted));
    }
}
