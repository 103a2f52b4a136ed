using Gatehouse.Audit;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Workspaces;

namespace Gatehouse.Account;

/// <summary>The workspaces that I belong to, my own one, and leaving one.</summary>
internal sealed class MyWorkspaces(IDatabase database, WorkspaceDirectory workspaces, WorkspaceMembership memberships, PersonalWorkspaces personal, OrganizationDirectory organizations, IWorkspaceRoles roles, AuditLog audit)
{
    /// <summary>Those that count: not archived, and not of an organization that is disabled.</summary>
    internal async ValueTask<IReadOnlyList<Workspace>> ListAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        var counting = (await organizations.ListOfUserAsync(tx, me.Id, ct)).Where(o => o.Status == OrganizationStatus.Active).Select(o => o.Id).ToHashSet();
        return [.. (await workspaces.ListOfUserAsync(tx, me.Id, ct)).Where(w => w.Status == WorkspaceStatus.Active && (w.Organization is not { } organization || counting.Contains(organization)))];
    }

    /// <summary>My own, made now if there was none.</summary>
    internal async ValueTask<Result<Workspace, Problem>> PersonalAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!(await personal.FindOrMakeAsync(tx, me.Id, AuditActor.User(me.Id), me.Request, ct)).TryGet(out var found, out var problem)) return problem;
        await tx.CommitAsync(ct);
        return found.Workspace;
    }

    /// <returns>Null when I belong to it no more; 404 <c>workspace_not_found</c>, also for one that is not mine; 409 <c>last_owner</c>, <c>workspace_personal</c>.</returns>
    internal async ValueTask<Problem?> LeaveAsync(Own me, WorkspaceId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await workspaces.IsMemberAsync(tx, id, me.Id, ct) || await memberships.HoldAsync(tx, id, ct) is not { } workspace) return WorkspaceProblems.NotFound;
        if ((await roles.MayRemoveAsync(tx, workspace, me.Id, null, ct) ?? await memberships.RemoveAsync(tx, workspace, me.Id, ct)) is { } problem) return problem.Status == 404 ? WorkspaceProblems.NotFound : problem;
        await audit.AppendAsync(tx, WorkspaceAudit.OfMember("workspace.member_left", workspace, me.Id, AuditActor.User(me.Id), me.Request), ct);
        await tx.CommitAsync(ct);
        return null;
    }
}
