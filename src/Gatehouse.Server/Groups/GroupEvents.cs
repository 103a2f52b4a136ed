using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Groups;

// What this room tells others. Ids only, as everywhere.

public sealed record GroupCreated(GroupId GroupId) : IDomainEvent
{
    public static string Name => "group.created";
}

public sealed record GroupUpdated(GroupId GroupId) : IDomainEvent
{
    public static string Name => "group.updated";
}

/// <summary>It is gone, and whatever was given to it is the subscriber's to end.</summary>
public sealed record GroupDeleted(GroupId GroupId) : IDomainEvent
{
    public static string Name => "group.deleted";
}

/// <summary>One user is in other groups than before.</summary>
public sealed record GroupsOfUserChanged(UserId UserId) : IDomainEvent
{
    public static string Name => "group.members_changed";
}

/// <summary>Groups hold other groups than before.</summary>
public sealed record GroupNestingChanged(GroupId OuterId, GroupId InnerId) : IDomainEvent
{
    public static string Name => "group.nesting_changed";
}

/// <summary>Another rule, or none, says who is in a group.</summary>
public sealed record GroupRuleChanged(GroupId GroupId) : IDomainEvent
{
    public static string Name => "group.rule_changed";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(WriteGroups.Request), TypeInfoPropertyName = "CreateGroupRequest")]
[JsonSerializable(typeof(WriteGroups.Patch), TypeInfoPropertyName = "UpdateGroupPatch")]
[JsonSerializable(typeof(GroupView))]
[JsonSerializable(typeof(Page<GroupView>))]
[JsonSerializable(typeof(Page<GroupMemberView>))]
[JsonSerializable(typeof(Rules.ManageRules.Request), TypeInfoPropertyName = "PutRuleRequest")]
[JsonSerializable(typeof(Rules.ManageRules.View), TypeInfoPropertyName = "GroupRuleView")]
[JsonSerializable(typeof(Rules.ManageRules.Preview), TypeInfoPropertyName = "GroupRulePreview")]
[JsonSerializable(typeof(Rules.RuleJob.Parameters), TypeInfoPropertyName = "RuleParameters")]
[JsonSerializable(typeof(Rules.RuleJob.Range), TypeInfoPropertyName = "RuleRange")]
[JsonSerializable(typeof(GroupRuleChanged))]
[JsonSerializable(typeof(GroupCreated))]
[JsonSerializable(typeof(GroupUpdated))]
[JsonSerializable(typeof(GroupDeleted))]
[JsonSerializable(typeof(GroupsOfUserChanged))]
[JsonSerializable(typeof(GroupNestingChanged))]
internal sealed partial class GroupsJson : JsonSerializerContext;
