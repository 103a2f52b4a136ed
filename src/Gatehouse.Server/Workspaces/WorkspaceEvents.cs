using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Workspaces;

// What this room tells others. Ids only, as everywhere.

public sealed record WorkspaceCreated(WorkspaceId WorkspaceId, OrganizationId? OrganizationId) : IDomainEvent
{
    public static string Name => "workspace.created";
}

/// <summary>Anything about it but its members changed, archiving and restoring included.</summary>
public sealed record WorkspaceUpdated(WorkspaceId WorkspaceId, OrganizationId? OrganizationId) : IDomainEvent
{
    public static string Name => "workspace.updated";
}

/// <summary>It is gone, its memberships with it; what was given for it is the subscriber's to end.</summary>
public sealed record WorkspaceDeleted(WorkspaceId WorkspaceId, OrganizationId? OrganizationId) : IDomainEvent
{
    public static string Name => "workspace.deleted";
}

public sealed record WorkspaceMemberAdded(WorkspaceId WorkspaceId, UserId UserId) : IDomainEvent
{
    public static string Name => "workspace.member_added";
}

/// <summary>She belongs to it no more; every room takes back in this transaction what she had as a member.</summary>
public sealed record WorkspaceMemberRemoved(WorkspaceId WorkspaceId, UserId UserId) : IDomainEvent
{
    public static string Name => "workspace.member_removed";
}

/// <summary>Entries about a workspace name the organization whose it is, so that its administrators can be shown them.</summary>
public static class WorkspaceAudit
{
    public static AuditEntry Of(string action, Workspace workspace, Caller caller, RequestFacts facts, IReadOnlyDictionary<string, string>? details = null) => Of(action, workspace, AuditActor.Of(caller), facts, details);

    public static AuditEntry Of(string action, Workspace workspace, AuditActor actor, RequestFacts facts, IReadOnlyDictionary<string, string>? details = null) =>
        new(action, AuditOutcome.Success, actor, "workspace", workspace.Id.ToString(), facts, details) { Organization = workspace.Organization };

    public static AuditEntry OfMember(string action, Workspace workspace, UserId user, AuditActor actor, RequestFacts facts) =>
        new(action, AuditOutcome.Success, actor, "user", user.ToString(), facts, new Dictionary<string, string>(StringComparer.Ordinal) { ["workspace"] = workspace.Id.ToString() }) { Organization = workspace.Organization };
}
