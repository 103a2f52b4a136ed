using System.Globalization;
using System.Text.Json.Nodes;
using Gatehouse.Applications;
using Gatehouse.Authorization;
using Gatehouse.Groups;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Claims;

/// <summary>
/// Says which claims go into a token or into UserInfo, by the tenant's rules and by what is so at this moment. Whoever makes a real token and whoever
/// shows what it would hold ask here: there is no second way.
/// </summary>
public sealed class ClaimsBuilder
{
    private readonly ClaimRuleBook book;
    private readonly UserDirectory users;
    private readonly GroupDirectory groups;
    private readonly RolesHere roles;

    internal ClaimsBuilder(ClaimRuleBook book, UserDirectory users, GroupDirectory groups, RolesHere roles) => (this.book, this.users, this.groups, this.roles) = (book, users, groups, roles);

    /// <summary>Whether a rule speaks of such tokens at all; from memory. Where none does, there is nothing to read.</summary>
    /// <param name="api">Of an access token: for which API; one for UserInfo or for an API of ours has no claims of rules.</param>
    public async ValueTask<bool> AnyAsync(TenantId tenant, ClaimDestination destination, ClientId client, Api? api, CancellationToken ct)
    {
        if (IsClosed(destination, api)) return false;
        var rules = await book.ListAsync(tenant, ct);
        for (var i = 0; i < rules.Count; i++)
            if (rules[i].IsFor(destination, client, api?.Id)) return true;
        return false;
    }

    /// <summary>The claims, and what became of each rule that speaks of such tokens.</summary>
    /// <param name="scopes">What was granted, for this token; not asked of a client that speaks for itself.</param>
    public async ValueTask<BuiltClaims> BuildAsync(TenantTransaction tx, ClaimFacts facts, ClaimDestination destination, IReadOnlyList<string> scopes, Api? api, CancellationToken ct)
    {
        if (IsClosed(destination, api)) return BuiltClaims.None;
        BuiltClaims? built = null;
        foreach (var rule in await book.ListAsync(tx.Tenant, ct))
        {
            if (!rule.IsFor(destination, facts.Client.Id, api?.Id)) continue;
            built ??= new();
            facts.Turn(scopes, api);
            await ApplyAsync(tx, built, rule, facts, destination, ct);
        }
        return built ?? BuiltClaims.None;
    }

    /// <summary>The permissions that a caller holds who may be shown what rules tell of somebody to this client.</summary>
    public async ValueTask<IReadOnlyCollection<string>> ListTouchedAsync(TenantId tenant, ClientId client, CancellationToken ct)
    {
        SortedSet<string> touched = new(StringComparer.Ordinal) { Http.Scopes.UsersRead };
        foreach (var rule in await book.ListAsync(tenant, ct))
        {
            if (!rule.Enabled || (rule.Client is { } only && only != client)) continue;
            foreach (var scope in rule.Scopes)
                if (scope switch { "roles" or "permissions" => Http.Scopes.RolesRead, "groups" => Http.Scopes.GroupsRead, "organization" => Http.Scopes.OrganizationsRead, _ => null } is { } needed) touched.Add(needed);
        }
        return touched;
    }

    // A token for UserInfo has no reader but this server; our own APIs decide by what is written down now, never by what a token says.
    private static bool IsClosed(ClaimDestination destination, Api? api) => destination == ClaimDestination.AccessToken && api is not { System: false };

    private async ValueTask ApplyAsync(TenantTransaction tx, BuiltClaims built, ClaimRule rule, ClaimFacts facts, ClaimDestination destination, CancellationToken ct)
    {
        // 1. Nothing of a person that was not granted. What a client is told of itself nobody was to grant.
        if (facts.UserId is not null && !(rule.WithoutScope && facts.Client.FirstParty))
            foreach (var scope in rule.Scopes)
                if (!facts.Scopes.Contains(scope, StringComparer.Ordinal)) { built.Skip(rule, "scope_missing", $"The scope {scope} was not granted."); return; }

        // 2. Its condition.
        if (rule.Asks("role")) await facts.NeedRolesAsync(tx, roles, ct);
        if (rule.Asks("group")) await facts.NeedGroupsAsync(tx, groups, ct);
        if (rule.Terms.Count > 0 || rule.Source.Kind is "attribute" or "profile") await facts.NeedUserAsync(tx, users, ct);
        foreach (var term in rule.Terms)
            if (!term.Matches(facts)) { built.Skip(rule, "condition_unmet", $"What it asks of {term.Field.Name} is not so."); return; }

        // 3. Its value.
        var (value, because, absent) = await FindAsync(tx, rule, facts, destination, ct);
        if (value is null) { built.Skip(rule, "source_absent", absent ?? "There is nothing to say."); return; }
        if (Map(rule, value, because) is not { } said) { built.Skip(rule, "source_absent", "Nothing of it is in map."); return; }
        built.Add(rule, said.Value, destination, said.Because);
    }

    private readonly record struct Found(JsonNode? Value, IReadOnlyDictionary<string, List<HeldThrough>>? Because = null, string? Absent = null);

    private async ValueTask<Found> FindAsync(TenantTransaction tx, ClaimRule rule, ClaimFacts facts, ClaimDestination destination, CancellationToken ct)
    {
        var source = rule.Source;
        switch (source.Kind)
        {
            case "roles":
                return ListOf((await facts.NeedRolesAsync(tx, roles, ct)).ListRoles(source.Included ?? true, source.HeldFor), source.Prefix, "No such role is held here now.");

            case "permissions":
                ApiId? named = ApiId.TryParse(source.Api, out var id) ? id : null;
                // An API is told its own permissions and nobody else's.
                if (destination == ClaimDestination.AccessToken && named is { } other && other != facts.Api!.Id) return new(null, null, "The access token is for another API.");
                var names = await roles.ListNamesAsync(tx, named ?? facts.Api!.Id, ct);
                if (names.Count == 0) return new(null, null, "The API has registered no permissions, or is not there any more.");
                return ListOf((await facts.NeedRolesAsync(tx, roles, ct)).ListPermissions(names), source.Prefix, "No such permission is held here now.");

            case "groups":
                var texts = (await facts.NeedGroupsAsync(tx, groups, ct)).Where(g => g.Direct || source.Direct != true).Select(g => source.By == "id" ? g.Group.Id.ToString() : g.Group.Name)
                    .Where(t => source.Prefix is null || t.StartsWith(source.Prefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
                return texts.Count == 0 ? new(null, null, "She is in no such group.") : new(ArrayOf(texts));

            case "organization":
                return facts.Organization is { } organization ? new(OfOrganization(organization, source.Field!), null, "The organization has no such member.") : new(null, null, "The grant is for no organization.");

            case "attribute":
                return facts.User is { } person ? new(Walk(JsonNode.Parse(person.Attributes), source.Field!), null, "She has no such attribute.") : new(null, null, "A client has no attributes.");

            case "profile":
                return facts.User is { } user ? new(OfProfile(user, source.Field!), null, "Her profile does not say.") : new(null, null, "A client has no profile.");

            default:
                return new(JsonNode.Parse(source.Value!.Value.GetRawText()));
        }
    }

    private static Found ListOf(SortedDictionary<string, List<HeldThrough>> held, string? prefix, string absent)
    {
        var texts = held.Keys.Where(k => prefix is null || k.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return texts.Count == 0 ? new(null, null, absent) : new(ArrayOf(texts), held);
    }

    private static JsonArray ArrayOf(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)JsonValue.Create(t))];

    private static JsonNode? OfOrganization(Organization organization, string field) => field switch
    {
        "id" => JsonValue.Create(organization.Id.ToString()),
        "slug" => JsonValue.Create(organization.Slug),
        "name" => JsonValue.Create(organization.DisplayName),
        _ => Walk(JsonNode.Parse(organization.Metadata), field["metadata.".Length..]),
    };

    private static JsonValue? OfProfile(User user, string field) => field switch
    {
        "name" => TextOf(user.DisplayName),
        "given_name" => TextOf(user.GivenName),
        "family_name" => TextOf(user.FamilyName),
        "locale" => TextOf(user.Locale),
        "zoneinfo" => TextOf(user.Zoneinfo),
        "email" => TextOf(user.PrimaryEmail?.Address),
        "email_verified" => user.PrimaryEmail is { } email ? JsonValue.Create(email.Verified) : null,
        "phone_number" => TextOf(user.PrimaryPhone?.Number),
        "phone_number_verified" => user.PrimaryPhone is { } phone ? JsonValue.Create(phone.Verified) : null,
        _ => JsonValue.Create(user.UpdatedAt.ToUnixTimeSeconds()),
    };

    private static JsonValue? TextOf(string? text) => text is null ? null : JsonValue.Create(text);

    /// <summary>A member by its whole name first, then by the steps of a path.</summary>
    private static JsonNode? Walk(JsonNode? root, string path)
    {
        if (root is JsonObject whole && whole.TryGetPropertyValue(path, out var named) && named is not null) return named.DeepClone();
        foreach (var step in path.Split('.'))
            if (root is not JsonObject inner || !inner.TryGetPropertyValue(step, out root)) return null;
        return root?.DeepClone();
    }

    private readonly record struct Mapped(JsonNode Value, IReadOnlyDictionary<string, List<HeldThrough>>? Because);

    private static Mapped? Map(ClaimRule rule, JsonNode value, IReadOnlyDictionary<string, List<HeldThrough>>? because)
    {
        if (rule.Map is not { } map) return new(value, because);
        if (value is not JsonArray list) return Say(value) is { } said ? new(said, because) : null;
        List<JsonNode> items = [];
        Dictionary<string, List<HeldThrough>> reasons = new(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if (item is null || Say(item) is not { } word || items.Exists(i => JsonNode.DeepEquals(i, word))) continue;
            items.Add(word);
            if (because is not null && item is JsonValue key && key.TryGetValue<string>(out var before) && because.TryGetValue(before, out var why) && word is JsonValue w && w.TryGetValue<string>(out var after))
                reasons[after] = why;
        }
        return items.Count == 0 ? null : new(new JsonArray([.. items]), because is null ? null : reasons);

        JsonNode? Say(JsonNode node)
        {
            var word = node is JsonValue v ? v.TryGetValue<string>(out var text) ? text : v.TryGetValue<bool>(out var truth) ? truth ? "true" : "false" : v.TryGetValue<decimal>(out var number) ? number.ToString(CultureInfo.InvariantCulture) : null : null;
            return word is not null && map.TryGetValue(word, out var other) ? JsonValue.Create(other) : rule.DropUnmapped ? null : node.DeepClone();
        }
    }
}
