using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Workspaces.Templates;

/// <summary>What new workspaces begin with.</summary>
/// <param name="Organization">Whose template it is; null: the tenant's own, which all of its organizations may use.</param>
internal sealed record WorkspaceTemplate(WorkspaceTemplateId Id, OrganizationId? Organization, string Name, string Description, TemplateContent Content, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <param name="OwnerRoles">Keys of roles that the owner of a new workspace gets; none: <c>workspace_owner</c>.</param>
/// <param name="MemberRoles">Keys of roles that its default members get.</param>
/// <param name="Members">Who belongs to it from the beginning.</param>
/// <param name="Groups">Groups whose members, as they are then, belong to it from the beginning.</param>
/// <param name="Metadata">A JSON object; what a request says is merged into it.</param>
internal sealed record TemplateContent(IReadOnlyList<string> OwnerRoles, IReadOnlyList<string> MemberRoles, IReadOnlyList<UserId> Members, IReadOnlyList<GroupId> Groups, WorkspaceSettings Settings, string Metadata)
{
    internal static TemplateContent Empty { get; } = new([], [], [], [], WorkspaceSettings.None, "{}");

    internal static TemplateContent Read(string stored) => JsonSerializer.Deserialize(stored, WorkspacesJson.Default.TemplateContent)!;

    internal string Write() => JsonSerializer.Serialize(this, WorkspacesJson.Default.TemplateContent);
}

/// <summary>A template as the management API shows one.</summary>
internal sealed record TemplateView(WorkspaceTemplateId Id, OrganizationId? Organization, string Name, string Description, IReadOnlyList<string> OwnerRoles, IReadOnlyList<string> MemberRoles,
    IReadOnlyList<UserId> Members, IReadOnlyList<GroupId> Groups, WorkspaceSettings Settings, JsonElement Metadata, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static TemplateView Of(WorkspaceTemplate t) => new(t.Id, t.Organization, t.Name, t.Description, t.Content.OwnerRoles, t.Content.MemberRoles, t.Content.Members, t.Content.Groups, t.Content.Settings,
        JsonElement.Parse(t.Content.Metadata), t.Version, t.CreatedAt, t.UpdatedAt);
}

internal static class TemplateProblems
{
    /// <summary>Absent, another organization's or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem NotFound = Problem.NotFound("workspace_template_not_found", "There is no such template here.");
    internal static readonly Problem NameTaken = Problem.Conflict("workspace_template_name_taken", "Another template here has that name.", "name");
}

/// <summary>What must be true of a template.</summary>
internal static class TemplateRules
{
    /// <summary>People that one template puts into a workspace: each is a row and her roles, in one transaction.</summary>
    internal const int MaxPeople = 200;
    internal const int MaxMembers = 100, MaxGroups = 20, MaxTemplates = 200;

    internal static Result<IReadOnlyList<UserId>, Problem> ReadMembers(IReadOnlyList<string?>? ids)
    {
        List<UserId> found = [];
        foreach (var text in ids ?? [])
        {
            if (!UserId.TryParse(text, out var id)) return Problem.Invalid("template_members_invalid", $"members is a list of at most {MaxMembers} ids of users.", "members");
            if (!found.Contains(id)) found.Add(id);
        }
        return found.Count > MaxMembers ? Problem.Invalid("template_members_invalid", $"members is a list of at most {MaxMembers} ids of users.", "members") : found;
    }

    internal static Result<IReadOnlyList<GroupId>, Problem> ReadGroups(IReadOnlyList<string?>? ids)
    {
        List<GroupId> found = [];
        foreach (var text in ids ?? [])
        {
            if (!GroupId.TryParse(text, out var id)) return Problem.Invalid("template_groups_invalid", $"groups is a list of at most {MaxGroups} ids of groups.", "groups");
            if (!found.Contains(id)) found.Add(id);
        }
        return found.Count > MaxGroups ? Problem.Invalid("template_groups_invalid", $"groups is a list of at most {MaxGroups} ids of groups.", "groups") : found;
    }
}
