using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Groups;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Workspaces.Templates;

namespace Gatehouse.Workspaces;

/// <summary>A workspace that is to be made.</summary>
/// <param name="Owner">Its first member; null: the caller, where she is somebody who can be one.</param>
internal sealed record NewWorkspace(Workspace Workspace, UserId? Owner, WorkspaceTemplate? Template);

/// <summary>Makes a workspace with all that a template says, in the caller's transaction; after a problem the caller does not commit, and nothing of it is there.</summary>
internal sealed class WorkspaceCreation(WorkspaceMembership memberships, OrganizationDirectory organizations, GroupDirectory groups, IWorkspaceRoles roles, AuditLog audit, EventOutbox events)
{
    /// <summary>What whoever makes a workspace holds in it, where no template says otherwise.</summary>
    internal const string OwnerRole = "workspace_owner";

    internal async ValueTask<Problem?> MakeAsync(TenantTransaction tx, NewWorkspace wanted, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        var (workspace, template) = (wanted.Workspace, wanted.Template?.Content);
        // Held, so that the organization is not deleted before its workspace is there, and they are counted one at a time.
        if (workspace.Organization is { } organization && !await organizations.HoldAsync(tx, organization, ct)) return OrganizationProblems.NotFound;
        if (await WorkspaceStore.CountOwnedAsync(tx, workspace.Organization, ct) >= (workspace.Organization is null ? WorkspaceRules.MaxOfTenant : WorkspaceRules.MaxOfOrganization))
            return Problem.Conflict("workspaces_too_many", $"An organization has at most {WorkspaceRules.MaxOfOrganization} workspaces, a tenant {WorkspaceRules.MaxOfTenant} of its own.");
        if (await WorkspaceSchema.Instance.CheckAsync(tx, workspace.Metadata, ct) is { } unfit) return unfit;
        if (workspace.Settings.DefaultRoles is { } defaults && await roles.CheckAsync(tx, defaults, "settings.default_roles", ct) is { } unknown) return unknown;
        if (!await WorkspaceStore.TryInsertAsync(tx, workspace, ct)) return WorkspaceProblems.SlugTaken;
        WorkspaceDirectory.Changed(tx, workspace.Id);
        await events.PublishAsync(tx, new WorkspaceCreated(workspace.Id, workspace.Organization), ct);
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["slug"] = workspace.Slug };
        if (wanted.Template is { } used) details["template"] = used.Id.ToString();
        await audit.AppendAsync(tx, WorkspaceAudit.Of("workspace.created", workspace, caller, facts, details), ct);

        if (await OwnerAsync(tx, wanted, caller, ct) is { } owner
            && await AddAsync(tx, workspace, owner, template?.OwnerRoles is { Count: > 0 } own ? own : [OwnerRole], caller, facts, ct) is { } refused) return refused;
        if (template is null) return null;
        foreach (var user in await MembersAsync(tx, workspace, template, ct))
            // Who left the organization or the tenant since the template was written is passed over.
            if (await AddAsync(tx, workspace, user, template.MemberRoles, caller, facts, ct) is { } problem && problem.Code is not ("user_not_found" or "user_not_member" or "member_exists")) return problem;
        return null;
    }

    /// <summary>Adds somebody with roles, all or nothing, if the caller may give them.</summary>
    internal async ValueTask<Problem?> AddAsync(TenantTransaction tx, Workspace workspace, UserId user, IReadOnlyList<string> keys, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        if (await memberships.AddAsync(tx, workspace, user, ct) is { } refused) return refused;
        await audit.AppendAsync(tx, WorkspaceAudit.OfMember("workspace.member_added", workspace, user, AuditActor.Of(caller), facts), ct);
        return keys.Count == 0 ? null : await roles.GiveAsync(tx, workspace, user, keys, caller, facts, ct);
    }

    private async ValueTask<UserId?> OwnerAsync(TenantTransaction tx, NewWorkspace wanted, Caller caller, CancellationToken ct)
    {
        if (wanted.Owner is not null) return wanted.Owner;
        // Somebody of a tenant above is nobody here, and an administrator who is not of the organization is no member of its workspaces.
        return caller.HomeTenant == tx.Tenant && UserId.TryParse(caller.Id, out var self)
            && (wanted.Workspace.Organization is not { } organization || await organizations.IsMemberAsync(tx, organization, self, ct)) ? self : null;
    }

    private async ValueTask<IReadOnlyList<UserId>> MembersAsync(TenantTransaction tx, Workspace workspace, TemplateContent template, CancellationToken ct)
    {
        HashSet<UserId> members = [.. template.Members];
        foreach (var id in template.Groups)
            if (await groups.FindAsync(tx, id, ct) is { } group && (group.Organization is null || group.Organization == workspace.Organization))
                members.UnionWith(await groups.ListMembersAsync(tx, id, TemplateRules.MaxPeople, ct));
        // In one order, so that two who do this at once wait for each other and not in a ring.
        return [.. members.OrderBy(m => m.ToString(), StringComparer.Ordinal).Take(TemplateRules.MaxPeople)];
    }
}
