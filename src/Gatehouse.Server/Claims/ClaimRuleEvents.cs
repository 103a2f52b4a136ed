using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Claims;

// What this room tells others. Ids only, as everywhere.

public sealed record ClaimRuleCreated(ClaimRuleId ClaimRuleId) : IDomainEvent
{
    public static string Name => "claim_rule.created";
}

public sealed record ClaimRuleUpdated(ClaimRuleId ClaimRuleId) : IDomainEvent
{
    public static string Name => "claim_rule.updated";
}

public sealed record ClaimRuleDeleted(ClaimRuleId ClaimRuleId) : IDomainEvent
{
    public static string Name => "claim_rule.deleted";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClaimRuleBody))]
[JsonSerializable(typeof(ClaimRuleView))]
[JsonSerializable(typeof(Page<ClaimRuleView>), TypeInfoPropertyName = "PageOfClaimRules")]
[JsonSerializable(typeof(ClaimRuleCreated))]
[JsonSerializable(typeof(ClaimRuleUpdated))]
[JsonSerializable(typeof(ClaimRuleDeleted))]
internal sealed partial class ClaimsJson : JsonSerializerContext;
