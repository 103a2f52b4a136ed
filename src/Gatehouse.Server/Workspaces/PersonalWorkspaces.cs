using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces;

/// <summary>The one workspace of a user that is hers alone: made when it is first asked for, or with her account where the tenant says so; gone with her.</summary>
public sealed class PersonalWorkspaces(UserDirectory users, IWorkspaceRoles roles, EventOutbox events, AuditLog audit, TimeProvider clock)
{
    /// <summary>Hers, made in this transaction if there was none. However many ask at once, one is made: its index decides, and the others find it.</summary>
    /// <returns>The workspace, and whether it is new; <c>user_not_found</c>.</returns>
    public async ValueTask<Result<(Workspace Workspace, bool IsNew), Problem>> FindOrMakeAsync(TenantTransaction tx, UserId user, AuditActor actor, RequestFacts facts, CancellationToken ct)
    {
        if (await WorkspaceStore.FindPersonalAsync(tx, user, ct) is { } there) return (there, false);
        if (!await users.HoldAsync(tx, user, ct)) return WorkspaceProblems.UserNotFound;
        var now = clock.Now();
        // Nothing about her stands in it: whoever may list workspaces need not know who she is.
        var made = new Workspace(WorkspaceId.New(clock), null, user, WorkspaceRules.PersonalPrefix + user.ToString()[(UserId.Prefix.Length + 1)..], "Personal", "", WorkspaceStatus.Active, "{}",
            WorkspaceSettings.None, 1, now, now, null);
        if (!await WorkspaceStore.TryInsertAsync(tx, made, ct))
            return await WorkspaceStore.FindPersonalAsync(tx, user, ct) is { } others ? (others, false) : throw new InvalidOperationException("A personal workspace's slug is its user's own.");
        WorkspaceDirectory.Changed(tx, made.Id);
        await WorkspaceMemberStore.TryInsertAsync(tx, made.Id, user, now, ct);
        await events.PublishAsync(tx, new WorkspaceCreated(made.Id, null), ct);
        await events.PublishAsync(tx, new WorkspaceMemberAdded(made.Id, user), ct);
        await roles.MakeOwnerAsync(tx, made.Id, user, ct);
        await audit.AppendAsync(tx, WorkspaceAudit.Of("workspace.created", made, actor, facts, new Dictionary<string, string>(StringComparer.Ordinal) { ["personal_of"] = user.ToString() }), ct);
        return (made, true);
    }
}

/// <summary>A personal workspace with every new account, where the tenant wants it.</summary>
internal sealed class MakePersonalWorkspace(TenantDirectory tenants, PersonalWorkspaces personal) : IEventSubscriber<UserCreated>
{
    public async ValueTask HandleAsync(TenantTransaction tx, UserCreated occurrence, CancellationToken ct)
    {
        if (await tenants.FindAsync(tx.Tenant, ct) is { Settings.Workspaces.Personal: true }) await personal.FindOrMakeAsync(tx, occurrence.UserId, AuditActor.System, RequestFacts.None, ct);
    }
}

/// <summary><c>PUT /api/v1/users/{user}/personal-workspace</c>: makes it, or shows the one there is.</summary>
internal static class EnsurePersonalWorkspace
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/users/{user}/personal-workspace", HandleAsync).WithName("users.personal_workspace.put").WithSummary("Make a user's personal workspace").RequirePermission(Scopes.WorkspacesWrite);

    /// <returns>201 when it is new, else 200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Created<WorkspaceView>, Ok<WorkspaceView>, ProblemHttpResult>> HandleAsync(string user, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        PersonalWorkspaces personal, CancellationToken ct)
    {
        if (!UserId.TryParse(user, out var id)) return WorkspaceProblems.UserNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await personal.FindOrMakeAsync(tx, id, AuditActor.Of(caller), facts, ct)).TryGet(out var found, out var problem)) return problem.ToHttp();
        await tx.CommitAsync(ct);
        ETags.Set(http, found.Workspace.Version);
        var view = WorkspaceView.Of(found.Workspace);
        return found.IsNew ? TypedResults.Created(tenant.Url($"/api/v1/workspaces/{view.Id}"), view) : TypedResults.Ok(view);
    }
}
