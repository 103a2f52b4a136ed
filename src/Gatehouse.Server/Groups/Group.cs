using Gatehouse.Kernel;

namespace Gatehouse.Groups;

/// <summary>A set of users.</summary>
/// <param name="Organization">The organization whose group it is; null for the tenant's own.</param>
public sealed record Group(GroupId Id, OrganizationId? Organization, string Name, string Description, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A group as the management API shows it.</summary>
/// <param name="Organization">Null for the tenant's own.</param>
internal sealed record GroupView(GroupId Id, OrganizationId? Organization, string Name, string Description, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static GroupView Of(Group group) => new(group.Id, group.Organization, group.Name, group.Description, group.Version, group.CreatedAt, group.UpdatedAt);
}

/// <param name="AddedAt">When she was put into the group itself, or came in by its rule.</param>
/// <param name="By"><c>hand</c>: somebody put her there; <c>rule</c>: the group's rule is true of her, and nobody did.</param>
internal sealed record GroupMemberView(UserId User, DateTimeOffset AddedAt, string By)
{
    internal const string ByHand = "hand", ByRule = "rule";
}

internal static class GroupProblems
{
    /// <summary>Absent, another organization's or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem NotFound = Problem.NotFound("group_not_found", "There is no such group here.");
    internal static readonly Problem MemberNotFound = Problem.NotFound("group_member_not_found", "The group itself does not have that member.");
    internal static readonly Problem MemberByRule = Problem.Conflict("group_member_by_rule", "She belongs to the group by its rule. Change the rule, or what it asks of her.");
    internal static readonly Problem NameTaken = Problem.Conflict("group_name_taken", "Another group here has that name.", "name");
    internal static readonly Problem UserUnfit = Problem.Invalid("group_member_invalid", "The user is not one of this tenant, or not a member of the organization whose group it is.", "user");
}

/// <summary>What must be true of a group.</summary>
internal static class GroupRules
{
    internal const int MaxName = 100, MaxDescription = 500, MaxGroups = 10_000, MaxOfUser = 200, MaxInner = 100, MaxDepth = 10, MaxAbove = 50, MaxNestings = 20_000;

    internal static Problem? Check(string name, string description) =>
        name.Length is 0 or > MaxName || name.Any(char.IsControl) ? Problem.Invalid("name_invalid", $"name has 1 to {MaxName} characters and no control characters.", "name")
        : description.Length > MaxDescription || description.Any(char.IsControl) ? Problem.Invalid("description_invalid", $"description has at most {MaxDescription} characters and no control characters.", "description")
        : null;
}
