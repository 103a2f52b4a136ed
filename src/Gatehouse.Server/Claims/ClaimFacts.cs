using Gatehouse.Applications;
using Gatehouse.Authorization;
using Gatehouse.Groups;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Claims;

/// <summary>A group that somebody is in.</summary>
/// <param name="Direct">By herself, not only through a nested one.</param>
internal sealed record GroupOf(Group Group, bool Direct);

/// <summary>
/// Of whom claims speak, to which client, in which organization; and what was read of her so far, in one transaction. One for all tokens of one answer.
/// </summary>
/// <param name="user">Null where a client speaks for itself.</param>
/// <param name="organization">The one that the grant is for; she belongs to it now.</param>
public sealed class ClaimFacts(Client client, UserId? user, Organization? organization)
{
    internal Client Client => client;
    internal UserId? UserId => user;
    internal Organization? Organization => organization;

    /// <summary>What was granted, for the token that is made now.</summary>
    internal IReadOnlyList<string> Scopes { get; private set; } = [];
    internal Api? Api { get; private set; }

    internal User? User { get; private set; }
    internal RolesAt? Roles { get; private set; }
    internal IReadOnlyList<GroupOf>? Groups { get; private set; }

    internal void Turn(IReadOnlyList<string> scopes, Api? api) => (Scopes, Api) = (scopes, api);

    internal async ValueTask NeedUserAsync(TenantTransaction tx, UserDirectory users, CancellationToken ct)
    {
        if (user is { } id) User ??= await users.FindAsync(tx, id, ct);
    }

    internal async ValueTask<RolesAt> NeedRolesAsync(TenantTransaction tx, RolesHere roles, CancellationToken ct) =>
        Roles ??= await roles.FindAsync(tx, user, client.Id, organization?.Id, ct);

    /// <summary>The tenant's own groups and those of the organization she works in: of the others this application is not told.</summary>
    internal async ValueTask<IReadOnlyList<GroupOf>> NeedGroupsAsync(TenantTransaction tx, GroupDirectory groups, CancellationToken ct)
    {
        if (Groups is not null) return Groups;
        List<GroupOf> found = [];
        if (user is { } id)
        {
            var direct = await groups.ListDirectAsync(tx, id, ct);
            foreach (var group in await groups.ListOfUserAsync(tx, id, ct))
                if (await groups.FindAsync(tx, group, ct) is { } known && (known.Organization is null || known.Organization == organization?.Id)) found.Add(new(known, direct.Contains(group)));
        }
        return Groups = found;
    }

    /// <summary>What a condition may ask.</summary>
    internal static ListShape<ClaimFacts> Shape { get; } = new(
        static _ => Guid.Empty,
        [],
        [
            new("scope", FieldKind.Exact, f => f.Scopes),
            ListField<ClaimFacts>.Exact("client", f => f.Client.Id.ToString()),
            ListField<ClaimFacts>.Boolean("first_party", f => f.Client.FirstParty),
            ListField<ClaimFacts>.Exact("api", f => f.Api?.Id.ToString()),
            ListField<ClaimFacts>.Exact("subject", f => f.UserId is null ? "client" : "user", "client", "user"),
            ListField<ClaimFacts>.Boolean("has_organization", f => f.Organization is not null),
            ListField<ClaimFacts>.Exact("organization", f => f.Organization?.Id.ToString()),
            ListField<ClaimFacts>.Exact("organization.slug", f => f.Organization?.Slug),
            new("role", FieldKind.Exact, f => f.Roles is { } held ? held.ListRoles(included: true, null).Keys : []),
            new("group", FieldKind.Exact, f => f.Groups is { } groups ? groups.SelectMany(g => new[] { g.Group.Name, g.Group.Id.ToString() }) : []),
            ListField<ClaimFacts>.Exact("locale", f => f.User?.Locale),
            ListField<ClaimFacts>.Boolean("email_verified", f => f.User is { } u ? u.PrimaryEmail?.Verified ?? false : null),
        ],
        static name => name.StartsWith("attributes.", StringComparison.Ordinal) && name.Length > "attributes.".Length
            ? new(name, FieldKind.Any, f => f.User is { } u ? UserAttributes.ValuesOf(u, name["attributes.".Length..]) : []) : null);

    /// <summary>What must have been granted before a condition on this may be told.</summary>
    internal static string? ScopeOf(string field) => field switch
    {
        "role" => "roles",
        "group" => "groups",
        "organization" or "organization.slug" or "has_organization" => "organization",
        "email_verified" => "email",
        "locale" => "profile",
        _ => field.StartsWith("attributes.", StringComparison.Ordinal) ? "profile" : null,
    };
}
