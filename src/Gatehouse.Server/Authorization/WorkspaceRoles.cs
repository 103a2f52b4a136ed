using Gatehouse.Authorization.Granting;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Workspaces;

namespace Gatehouse.Authorization;

/// <summary>Roles that members hold in a workspace. Who gives them holds them there herself, for good.</summary>
internal sealed class WorkspaceRoles(Giving giving, GrantGuard guard, LastOwner owners, TimeProvider clock) : IWorkspaceRoles, IWorkspaceFigure
{
    public string Name => "role_assignments";

    public ValueTask<long> CountAsync(TenantTransaction tx, Workspace workspace, CancellationToken ct) => HeldRoleStore.CountAtAsync(tx, ScopeOf(workspace.Id), ct);

    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, IReadOnlyList<string> roles, string field, CancellationToken ct)
    {
        if (roles.Count == 0) return null;
        var book = await RoleBook.ReadAsync(tx, ct);
        return roles.All(key => book.Find(key) is { } role && role.AssignableAt.Contains(ScopeKind.Workspace)) ? null : Unknown(field);
    }

    public async ValueTask<Problem?> GiveAsync(TenantTransaction tx, Workspace workspace, UserId user, IReadOnlyList<string> roles, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        var book = await RoleBook.ReadAsync(tx, ct);
        foreach (var key in roles)
        {
            if (book.Find(key) is not { } role || !role.AssignableAt.Contains(ScopeKind.Workspace)) return Unknown("roles");
            if (!(await giving.GiveAsync(tx, new(Holder.Of(user), role, ScopeOf(workspace.Id), null, null), caller, facts, ct)).TryGet(out _, out var problem) && problem.Code != "assignment_exists") return problem;
        }
        return null;
    }

    public async ValueTask MakeOwnerAsync(TenantTransaction tx, WorkspaceId workspace, UserId user, CancellationToken ct)
    {
        await HeldRoleStore.TryInsertAsync(tx, new(AssignmentId.New(clock), Holder.Of(user), SystemRoles.WorkspaceOwner, ScopeOf(workspace), null, null, "system", clock.Now()), ct);
        Authority.HoldingChanged(tx, Holder.Of(user));
    }

    public async ValueTask<Problem?> MayRemoveAsync(TenantTransaction tx, Workspace workspace, UserId user, Caller? caller, CancellationToken ct)
    {
        if (caller is not null && await guard.MayReachAsync(tx, user, ScopeOf(workspace.Id), caller, ct) is { } refused) return refused;
        return await owners.MayLeaveAsync(tx, workspace.Id, user, ct);
    }

    internal static RoleScope ScopeOf(WorkspaceId workspace) => new(ScopeKind.Workspace, workspace.Value);

    private static Problem Unknown(string field) => Problem.Invalid("roles_unknown", "There is no such role that may be held in a workspace.", field);
}

/// <summary>Who left a workspace holds nothing for it; nobody holds anything for one that is gone or archived.</summary>
internal sealed class NoticeWorkspace : IEventSubscriber<WorkspaceMemberAdded>, IEventSubscriber<WorkspaceMemberRemoved>, IEventSubscriber<WorkspaceUpdated>, IEventSubscriber<WorkspaceDeleted>
{
    // What a group that she is in holds for the workspace counts for her from now on.
    public ValueTask HandleAsync(TenantTransaction tx, WorkspaceMemberAdded occurrence, CancellationToken ct)
    {
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
        return default;
    }

    public async ValueTask HandleAsync(TenantTransaction tx, WorkspaceMemberRemoved occurrence, CancellationToken ct)
    {
        await HeldRoleStore.DeleteOfAtAsync(tx, Holder.Of(occurrence.UserId), WorkspaceRoles.ScopeOf(occurrence.WorkspaceId), ct);
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
    }

    public ValueTask HandleAsync(TenantTransaction tx, WorkspaceUpdated occurrence, CancellationToken ct)
    {
        Authority.HoldingsChanged(tx);
        return default;
    }

    public async ValueTask HandleAsync(TenantTransaction tx, WorkspaceDeleted occurrence, CancellationToken ct)
    {
        if (await HeldRoleStore.DeleteAtAsync(tx, WorkspaceRoles.ScopeOf(occurrence.WorkspaceId), ct) > 0) Authority.HoldingsChanged(tx);
    }
}
