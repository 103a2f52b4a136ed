using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Workspaces;

/// <summary>
/// Who belongs to a workspace, in the caller's transaction, with its events; callers audit. Rows are held in one order: organization, workspace, user.
/// </summary>
public sealed class WorkspaceMembership(OrganizationDirectory organizations, UserDirectory users, EventOutbox events, TimeProvider clock)
{
    /// <summary>Holds the workspace, and before it the organization whose it is: what is decided about its members then stays true until the commit.</summary>
    /// <returns>The workspace as it is now; null when it is gone.</returns>
    public async ValueTask<Workspace?> HoldAsync(TenantTransaction tx, WorkspaceId id, CancellationToken ct)
    {
        if (await WorkspaceStore.FindAsync(tx, id, ct) is not { } seen) return null;
        if (seen.Organization is { } organization && !await organizations.HoldAsync(tx, organization, ct)) return null;
        return await WorkspaceStore.HoldAsync(tx, id, ct) ? await WorkspaceStore.FindAsync(tx, id, ct) : null;
    }

    /// <param name="workspace">Held by <see cref="HoldAsync"/>, or just made in this transaction.</param>
    /// <returns>Null when she is a member now; <c>workspace_archived</c>, <c>workspace_personal</c>, <c>user_not_found</c>, <c>user_not_member</c>, <c>member_exists</c>, <c>workspace_members_too_many</c>: then nothing was written.</returns>
    public async ValueTask<Problem?> AddAsync(TenantTransaction tx, Workspace workspace, UserId user, CancellationToken ct)
    {
        if (workspace.Status == WorkspaceStatus.Archived) return WorkspaceProblems.Archived;
        if (workspace.PersonalOf is { } owner && owner != user) return WorkspaceProblems.Personal;
        // In an organization, one who is not of it is not told apart from one who is not there.
        if (!await users.HoldAsync(tx, user, ct)) return workspace.Organization is null ? WorkspaceProblems.UserNotFound : WorkspaceProblems.NotOfOrganization;
        if (workspace.Organization is { } organization && !await organizations.IsMemberAsync(tx, organization, user, ct)) return WorkspaceProblems.NotOfOrganization;
        if (await WorkspaceMemberStore.FindAsync(tx, workspace.Id, user, ct) is not null) return WorkspaceProblems.MemberExists;
        if (await WorkspaceMemberStore.CountAsync(tx, workspace.Id, ct) >= WorkspaceRules.MaxMembers || await WorkspaceMemberStore.CountOfUserAsync(tx, user, ct) >= WorkspaceRules.MaxOfUser)
            return WorkspaceProblems.TooManyMembers;
        if (!await WorkspaceMemberStore.TryInsertAsync(tx, workspace.Id, user, clock.Now(), ct)) return WorkspaceProblems.MemberExists;
        await events.PublishAsync(tx, new WorkspaceMemberAdded(workspace.Id, user), ct);
        return null;
    }

    /// <summary>Whether she may go is asked before, of <see cref="IWorkspaceRoles"/>.</summary>
    /// <param name="workspace">Held.</param>
    /// <returns>Null when she is none any more; <c>workspace_personal</c>, <c>member_not_found</c>.</returns>
    public async ValueTask<Problem?> RemoveAsync(TenantTransaction tx, Workspace workspace, UserId user, CancellationToken ct)
    {
        if (workspace.PersonalOf is not null) return WorkspaceProblems.Personal;
        if (!await WorkspaceMemberStore.DeleteAsync(tx, workspace.Id, user, ct)) return WorkspaceProblems.MemberNotFound;
        await events.PublishAsync(tx, new WorkspaceMemberRemoved(workspace.Id, user), ct);
        return null;
    }

    /// <summary>Tells every room, then deletes it with its memberships.</summary>
    internal async ValueTask<bool> DeleteAsync(TenantTransaction tx, Workspace workspace, CancellationToken ct)
    {
        await events.PublishAsync(tx, new WorkspaceDeleted(workspace.Id, workspace.Organization), ct);
        if (!await WorkspaceStore.TryDeleteAsync(tx, workspace.Id, ct)) return false;
        WorkspaceDirectory.Changed(tx, workspace.Id);
        return true;
    }
}

/// <summary>Whoever is deleted belongs to no workspace any more, and her personal one goes with her.</summary>
internal sealed class ForgetUserOfWorkspaces(WorkspaceMembership memberships, EventOutbox events) : IEventSubscriber<UserDeleted>
{
    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct)
    {
        if (await WorkspaceStore.FindPersonalAsync(tx, occurrence.UserId, ct) is { } own) await memberships.DeleteAsync(tx, own, ct);
        foreach (var workspace in await WorkspaceMemberStore.DeleteOfUserAsync(tx, occurrence.UserId, ct))
            await events.PublishAsync(tx, new WorkspaceMemberRemoved(workspace, occurrence.UserId), ct);
    }
}

/// <summary>Who left an organization is in none of its workspaces.</summary>
internal sealed class LeaveWorkspaces(EventOutbox events) : IEventSubscriber<MemberRemoved>
{
    public async ValueTask HandleAsync(TenantTransaction tx, MemberRemoved occurrence, CancellationToken ct)
    {
        foreach (var workspace in await WorkspaceMemberStore.DeleteOfUserAsync(tx, occurrence.OrganizationId, occurrence.UserId, ct))
            await events.PublishAsync(tx, new WorkspaceMemberRemoved(workspace, occurrence.UserId), ct);
    }
}

/// <summary>An organization's workspaces and templates go with it.</summary>
internal sealed class ForgetWorkspaces(WorkspaceMembership memberships) : IEventSubscriber<OrganizationDeleted>
{
    private const int Batch = 200;

    public async ValueTask HandleAsync(TenantTransaction tx, OrganizationDeleted occurrence, CancellationToken ct)
    {
        // No more than an organization may have; none comes in between, since whoever makes one holds the organization.
        for (var after = Guid.Empty; await WorkspaceStore.ListOwnedAsync(tx, occurrence.OrganizationId, after, Batch, ct) is { Count: > 0 } some; after = some[^1].Id.Value)
            foreach (var workspace in some) await memberships.DeleteAsync(tx, workspace, ct);
        await Templates.TemplateStore.DeleteOwnedAsync(tx, occurrence.OrganizationId, ct);
    }
}
