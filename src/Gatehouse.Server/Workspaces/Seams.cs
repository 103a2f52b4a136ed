using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Workspaces;

/// <summary>Roles that members hold in a workspace, named by key: a later room knows them.</summary>
public interface IWorkspaceRoles
{
    /// <summary>Whether these are roles that may be held in a workspace.</summary>
    /// <returns>Null; 422 <c>roles_unknown</c>.</returns>
    ValueTask<Problem?> CheckAsync(TenantTransaction tx, IReadOnlyList<string> roles, string field, CancellationToken ct);

    /// <summary>Gives them to a member, if the caller may; what she holds already stays as it is.</summary>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>assignments_too_many</c>; 422 <c>roles_unknown</c>. Then the caller does not commit.</returns>
    ValueTask<Problem?> GiveAsync(TenantTransaction tx, Workspace workspace, UserId user, IReadOnlyList<string> roles, Caller caller, RequestFacts facts, CancellationToken ct);

    /// <summary>Makes somebody the owner of her own workspace: nobody gives it, it is hers.</summary>
    ValueTask MakeOwnerAsync(TenantTransaction tx, WorkspaceId workspace, UserId user, CancellationToken ct);

    /// <summary>Whether a member may go: not the last owner, and nobody is removed by who may do less there.</summary>
    /// <param name="caller">Null where she goes by herself.</param>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>last_owner</c>.</returns>
    ValueTask<Problem?> MayRemoveAsync(TenantTransaction tx, Workspace workspace, UserId user, Caller? caller, CancellationToken ct);
}

/// <summary>One figure of a workspace's use that another room knows.</summary>
public interface IWorkspaceFigure
{
    /// <summary>As the answer names it: <c>role_assignments</c>, for example.</summary>
    string Name { get; }

    ValueTask<long> CountAsync(TenantTransaction tx, Workspace workspace, CancellationToken ct);
}
