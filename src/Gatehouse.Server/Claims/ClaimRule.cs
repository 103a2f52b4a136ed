using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Claims;

/// <summary>A rule that was read and found right: what tokens are made by.</summary>
/// <param name="Scopes">What must have been granted: by its source, and by what its condition tells of a person.</param>
internal sealed record ClaimRule(ClaimRuleId Id, string Name, bool Enabled, int Priority, ClientId? Client, ApiId? Api, ClaimDestination Destinations, IReadOnlyList<string> Path, ClaimSourceBody Source,
    IReadOnlyList<BoundTerm<ClaimFacts>> Terms, IReadOnlyList<string> Scopes, bool WithoutScope, IReadOnlyDictionary<string, string>? Map, bool DropUnmapped, int MaxItems, bool Cut)
{
    internal const int UsualPriority = 100, UsualItems = 100, MaxItemsAllowed = 500, MaxMap = 100, MaxStatic = 2048, MaxText = 200;

    /// <summary>The claim as it is written.</summary>
    internal string Claim => string.Join('.', Path);

    internal bool Asks(params ReadOnlySpan<string> fields)
    {
        foreach (var term in Terms)
            if (fields.Contains(term.Field.Name)) return true;
        return false;
    }

    /// <summary>Whether it is about tokens of this client, for this API.</summary>
    internal bool IsFor(ClaimDestination destination, ClientId client, ApiId? api) =>
        Enabled && Destinations.HasFlag(destination) && (Client is not { } c || c == client) && (Api is not { } a || a == api);

    /// <returns>The rule; 422 with what is wrong. Whether what it names is there, the database knows.</returns>
    internal static Result<ClaimRule, Problem> Read(ClaimRuleId id, ClaimRuleBody body)
    {
        var name = (body.Name ?? "").Trim();
        if (name.Length is 0 or > 100 || name.Any(char.IsControl)) return Problem.Invalid("name_invalid", "name has 1 to 100 characters and no control characters.", "name");
        if (body.Priority is < 0 or > 1000) return Problem.Invalid("priority_invalid", "priority is from 0 to 1000; the lower goes first.", "priority");

        ClientId? client = null;
        ApiId? api = null;
        if (body.Target is { } target)
        {
            if (target.Client is null == target.Api is null) return TargetInvalid;
            if (target.Client is not null) { if (!ClientId.TryParse(target.Client, out var c)) return TargetInvalid; client = c; }
            if (target.Api is not null) { if (!ApiId.TryParse(target.Api, out var a)) return TargetInvalid; api = a; }
        }

        var destinations = ClaimDestination.None;
        foreach (var text in body.Destinations ?? [])
        {
            if (DestinationText.Parse(text) is not { } one || destinations.HasFlag(one)) return DestinationsInvalid;
            destinations |= one;
        }
        if (destinations == ClaimDestination.None) return DestinationsInvalid;
        if (api is not null && destinations != ClaimDestination.AccessToken)
            return Problem.Invalid("destinations_invalid", "A rule for one API speaks of its access tokens alone: the ID token and UserInfo are for the client.", "destinations");

        if (body.Source is not { } source) return SourceInvalid("source is missing.");
        if (CheckSource(source, destinations) is { } unfit) return unfit;
        if (!ClaimName.Parse(body.Claim, source.Kind == "profile" ? source.Field : null, destinations).TryGet(out var path, out var problem)) return problem;

        IReadOnlyList<BoundTerm<ClaimFacts>> terms = [];
        if (!string.IsNullOrWhiteSpace(body.Condition))
        {
            if (ListFilter.Parse(ClaimFacts.Shape, body.Condition).TryGet(out var read, out problem)) terms = read;
            else return Problem.Invalid("condition_invalid", problem.Detail.Replace("filter, at", "condition, at", StringComparison.Ordinal).Replace("this list has", "a condition has", StringComparison.Ordinal), "condition");
        }

        if (body.Map is { } map && (map.Count > MaxMap || map.Any(m => m.Key.Length is 0 or > MaxText || m.Value is null or { Length: 0 or > MaxText })))
            return Problem.Invalid("map_invalid", $"map has at most {MaxMap} words, each said by another word of 1 to {MaxText} characters.", "map");
        if (body.MaxItems is < 1 or > MaxItemsAllowed) return Problem.Invalid("max_items_invalid", $"max_items is from 1 to {MaxItemsAllowed}.", "max_items");
        if (body.WhenTooLarge is not (null or "cut" or "omit")) return Problem.Invalid("when_too_large_invalid", "when_too_large is cut or omit.", "when_too_large");

        return new ClaimRule(id, name, body.Enabled ?? true, body.Priority ?? UsualPriority, client, api, destinations, path, source, terms, ScopesOf(source, terms), body.WithoutScope ?? false,
            body.Map, body.DropUnmapped ?? false, body.MaxItems ?? UsualItems, body.WhenTooLarge != "omit");
    }

    private static Problem? CheckSource(ClaimSourceBody source, ClaimDestination destinations)
    {
        if (source.Prefix is { } prefix && (prefix.Length is 0 or > 100 || source.Kind is not ("roles" or "permissions" or "groups"))) return SourceInvalid("prefix has 1 to 100 characters, and is for roles, permissions and groups.");
        if ((source.HeldFor is not null || source.Included is not null) && source.Kind != "roles") return SourceInvalid("held_for and included are for roles.");
        if ((source.Direct is not null || source.By is not null) && source.Kind != "groups") return SourceInvalid("direct and by are for groups.");
        if (source.Api is not null && source.Kind != "permissions") return SourceInvalid("api is for permissions.");
        if (source.Field is not null && source.Kind is not ("organization" or "attribute" or "profile")) return SourceInvalid("field is for organization, attribute and profile.");
        if (source.Value is not null && source.Kind != "static") return SourceInvalid("value is for static.");
        switch (source.Kind)
        {
            case "roles":
                return source.HeldFor is null or "tenant" or "organization" or "application" ? null : SourceInvalid("held_for is tenant, organization or application.");
            case "permissions":
                if (source.Api is not null && !ApiId.TryParse(source.Api, out _)) return SourceInvalid("api is the id of an API.");
                return source.Api is null && destinations != ClaimDestination.AccessToken ? SourceInvalid("In the ID token and in UserInfo, api says whose permissions are told.") : null;
            case "groups":
                return source.By is null or "name" or "id" ? null : SourceInvalid("by is name or id.");
            case "organization":
                return source.Field is "id" or "slug" or "name" || (source.Field?.StartsWith("metadata.", StringComparison.Ordinal) == true && IsPath(source.Field)) ? null
                    : SourceInvalid("field is id, slug, name or metadata. and a member's name.");
            case "attribute":
                return IsPath(source.Field) ? null : SourceInvalid("field is the name of an attribute, or a path with dots.");
            case "profile":
                return source.Field is { } field && ClaimName.Profile.Contains(field) ? null : SourceInvalid($"field is one of {string.Join(", ", ClaimName.Profile.Order(StringComparer.Ordinal))}.");
            case "static":
                return source.Value is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value && value.GetRawText().Length <= MaxStatic ? null : SourceInvalid($"value is any JSON but null, of at most {MaxStatic} characters.");
            default:
                return SourceInvalid("kind is roles, permissions, groups, organization, attribute, profile or static.");
        }
    }

    private static bool IsPath(string? field) => field is { Length: > 0 and <= 200 } && field.Split('.').All(s => s.Length > 0 && !s.Any(char.IsControl));

    /// <summary>A condition tells of a person as its source does: "true where she has that role" is that role.</summary>
    private static IReadOnlyList<string> ScopesOf(ClaimSourceBody source, IReadOnlyList<BoundTerm<ClaimFacts>> terms)
    {
        SortedSet<string> scopes = new(StringComparer.Ordinal);
        if (ScopeOf(source) is { } own) scopes.Add(own);
        foreach (var term in terms)
            if (ClaimFacts.ScopeOf(term.Field.Name) is { } asked) scopes.Add(asked);
        return [.. scopes];
    }

    private static string? ScopeOf(ClaimSourceBody source) => source.Kind switch
    {
        "roles" or "permissions" or "groups" or "organization" => source.Kind,
        "attribute" => "profile",
        "profile" => source.Field is "email" or "email_verified" ? "email" : source.Field is "phone_number" or "phone_number_verified" ? "phone" : "profile",
        _ => null,
    };

    private static Problem SourceInvalid(string what) => Problem.Invalid("source_invalid", what, "source");

    private static Problem TargetInvalid { get; } = Problem.Invalid("target_invalid", "target names one client or one API of this tenant by its id, and no API of this server's own.", "target");

    private static Problem DestinationsInvalid { get; } = Problem.Invalid("destinations_invalid", "destinations names id_token, access_token and userinfo, each at most once, and at least one.", "destinations");

    internal static Problem TargetNotThere => TargetInvalid;
    internal static Problem ApiNotThere { get; } = SourceInvalid("api is the id of an API of this tenant, and not of one of this server's own.");
}
