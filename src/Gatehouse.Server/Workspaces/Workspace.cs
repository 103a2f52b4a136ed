using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Workspaces;

/// <summary>Whether a workspace counts: in an archived one nothing changes, and what was held for it counts no more.</summary>
[JsonConverter(typeof(WorkspaceStatusConverter))]
public enum WorkspaceStatus { Active, Archived }

/// <summary><c>active</c>, <c>archived</c>.</summary>
internal sealed class WorkspaceStatusConverter() : JsonStringEnumConverter<WorkspaceStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>Where some people of an organization, or of a tenant, work together.</summary>
/// <param name="Organization">Whose it is; null: the tenant's own. For good.</param>
/// <param name="PersonalOf">Whose personal one it is; null: nobody's. She is its only member.</param>
/// <param name="Slug">Unique in its organization, or among the tenant's own.</param>
public sealed record Workspace(WorkspaceId Id, OrganizationId? Organization, UserId? PersonalOf, string Slug, string Name, string Description, WorkspaceStatus Status, string Metadata,
    WorkspaceSettings Settings, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ArchivedAt);

/// <summary>One person's membership.</summary>
public sealed record WorkspaceMember(WorkspaceId WorkspaceId, UserId UserId, DateTimeOffset JoinedAt);

/// <summary>A workspace as the management API shows one.</summary>
/// <param name="Organization">Null for the tenant's own.</param>
/// <param name="PersonalOf">The user whose personal one it is.</param>
internal sealed record WorkspaceView(WorkspaceId Id, OrganizationId? Organization, UserId? PersonalOf, string Slug, string Name, string Description, WorkspaceStatus Status, JsonElement Metadata,
    WorkspaceSettings Settings, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ArchivedAt)
{
    internal static WorkspaceView Of(Workspace w) =>
        new(w.Id, w.Organization, w.PersonalOf, w.Slug, w.Name, w.Description, w.Status, JsonElement.Parse(w.Metadata), w.Settings, w.Version, w.CreatedAt, w.UpdatedAt, w.ArchivedAt);
}

/// <summary>What is wrong with a request about workspaces.</summary>
public static class WorkspaceProblems
{
    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    public static readonly Problem NotFound = Problem.NotFound("workspace_not_found", "There is no such workspace here.");
    public static readonly Problem Archived = Problem.Conflict("workspace_archived", "This workspace is archived. Restore it first.");
    internal static readonly Problem UserNotFound = Problem.NotFound("user_not_found", "There is no such user in this tenant.");
    internal static readonly Problem MemberNotFound = Problem.NotFound("member_not_found", "This workspace has no such member.");
    internal static readonly Problem MemberExists = Problem.Conflict("member_exists", "She is a member of this workspace already.", "user");
    internal static readonly Problem NotOfOrganization = Problem.Invalid("user_not_member", "Only members of the organization can belong to its workspaces. Add or invite her there first.", "user");
    internal static readonly Problem SlugTaken = Problem.Conflict("slug_taken", "Another workspace here has that slug.", "slug");
    internal static readonly Problem Personal = Problem.Conflict("workspace_personal", "A personal workspace has its owner as its only member, for as long as there is either.");
    internal static readonly Problem TooManyMembers = Problem.Conflict("workspace_members_too_many", $"A workspace has at most {WorkspaceRules.MaxMembers} members, and a user is in at most {WorkspaceRules.MaxOfUser} workspaces.");
}
