using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Claims;

/// <summary>Where a claim goes.</summary>
[Flags]
public enum ClaimDestination { None = 0, IdToken = 1, AccessToken = 2, UserInfo = 4 }

internal static class DestinationText
{
    internal static readonly string[] All = ["id_token", "access_token", "userinfo"];

    internal static ClaimDestination? Parse(string? text) => text switch
    {
        "id_token" => ClaimDestination.IdToken,
        "access_token" => ClaimDestination.AccessToken,
        "userinfo" => ClaimDestination.UserInfo,
        _ => null,
    };
}

/// <summary>A rule as it is written, and stored.</summary>
/// <param name="Name">For people; 1 to 100 characters.</param>
/// <param name="Enabled">Left out: true.</param>
/// <param name="Priority">0 to 1000; the lower goes first. Left out: 100.</param>
/// <param name="Target">For whom; left out: every client and API.</param>
/// <param name="Destinations">Of <c>id_token</c>, <c>access_token</c>, <c>userinfo</c>.</param>
/// <param name="Claim">A name, a path with dots (<c>resource_access.shop.roles</c>), or a URI, which is one name.</param>
/// <param name="Condition">In the language of list filters; left out: always.</param>
/// <param name="WithoutScope">The tenant's own applications get it without the scope that its source asks for. Left out: false.</param>
/// <param name="Map">Words to say instead of words; at most 100.</param>
/// <param name="DropUnmapped">What <paramref name="Map"/> does not name is left out. Left out: false.</param>
/// <param name="MaxItems">Of a list: 1 to 500. Left out: 100.</param>
/// <param name="WhenTooLarge"><c>cut</c> (a list to what fits) or <c>omit</c> (the claim); either way <c>claims_truncated</c> names it. Left out: <c>cut</c>.</param>
internal sealed record ClaimRuleBody(string? Name, bool? Enabled, int? Priority, ClaimTargetBody? Target, IReadOnlyList<string>? Destinations, string? Claim, ClaimSourceBody? Source,
    string? Condition, bool? WithoutScope, IReadOnlyDictionary<string, string>? Map, bool? DropUnmapped, int? MaxItems, string? WhenTooLarge);

/// <summary>One client or one API, by its id; not both.</summary>
internal sealed record ClaimTargetBody(string? Client, string? Api);

/// <summary>Where the value comes from.</summary>
/// <param name="Kind"><c>roles</c>, <c>permissions</c>, <c>groups</c>, <c>organization</c>, <c>attribute</c>, <c>profile</c> or <c>static</c>.</param>
/// <param name="Field">Of <c>organization</c>: <c>id</c>, <c>slug</c>, <c>name</c> or <c>metadata.…</c>; of <c>attribute</c>: its name, or a path with dots; of <c>profile</c>: the standard claim.</param>
/// <param name="Api">Of <c>permissions</c>: whose; an access token holds those of its own API only.</param>
/// <param name="Prefix">Of <c>roles</c>, <c>permissions</c>, <c>groups</c>: only what begins so.</param>
/// <param name="HeldFor">Of <c>roles</c>: only what is held for the <c>tenant</c>, the <c>organization</c> or the <c>application</c>.</param>
/// <param name="Included">Of <c>roles</c>: also those that a role includes. Left out: true.</param>
/// <param name="Direct">Of <c>groups</c>: only those she is in herself. Left out: false.</param>
/// <param name="By">Of <c>groups</c>: <c>name</c> or <c>id</c>. Left out: <c>name</c>.</param>
/// <param name="Value">Of <c>static</c>: any JSON, at most 2 KiB.</param>
internal sealed record ClaimSourceBody(string? Kind, string? Field = null, string? Api = null, string? Prefix = null, string? HeldFor = null, bool? Included = null, bool? Direct = null, string? By = null,
    JsonElement? Value = null);

/// <summary>A rule as it is stored.</summary>
internal sealed record StoredClaimRule(ClaimRuleId Id, ClaimRuleBody Body, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A rule as the management API shows it: all that may be left out has its value.</summary>
internal sealed record ClaimRuleView(ClaimRuleId Id, string Name, bool Enabled, int Priority, ClaimTargetBody? Target, IReadOnlyList<string> Destinations, string Claim, ClaimSourceBody Source,
    string? Condition, bool WithoutScope, IReadOnlyDictionary<string, string>? Map, bool DropUnmapped, int MaxItems, string WhenTooLarge, IReadOnlyList<string> Scopes, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static ClaimRuleView Of(StoredClaimRule stored)
    {
        var body = stored.Body;
        IReadOnlyList<string> scopes = ClaimRule.Read(stored.Id, body).TryGet(out var rule, out _) ? rule.Scopes : [];
        return new(stored.Id, body.Name ?? "", body.Enabled ?? true, body.Priority ?? ClaimRule.UsualPriority, body.Target, body.Destinations ?? [], body.Claim ?? "", body.Source!, body.Condition,
            body.WithoutScope ?? false, body.Map, body.DropUnmapped ?? false, body.MaxItems ?? ClaimRule.UsualItems, body.WhenTooLarge ?? "cut", scopes, stored.Version, stored.CreatedAt, stored.UpdatedAt);
    }
}
