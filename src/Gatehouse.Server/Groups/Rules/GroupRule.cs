using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Users;

namespace Gatehouse.Groups.Rules;

/// <summary>By what facts people belong to a group.</summary>
/// <param name="Text">A filter: <c>attributes.department eq "sales" and email_domain eq "example.com"</c>.</param>
/// <param name="Revision">Another with every writing.</param>
/// <param name="Job">What brought, or brings, everybody under it.</param>
/// <param name="WrittenBy">Id of who wrote it.</param>
internal sealed record GroupRule(GroupId Group, string Text, Guid Revision, JobId Job, string WrittenBy, DateTimeOffset UpdatedAt);

/// <summary>What a rule asks about.</summary>
/// <param name="Organizations">Ids of those she belongs to and could not have joined by herself.</param>
internal sealed record RuleFacts(User User, IReadOnlyList<string> Organizations);

/// <summary>What a person can write of herself, beyond her profile: nothing may be reached by it. A later room knows what sign-in and registration ask people for.</summary>
public interface ISelfWrittenAttributes
{
    ValueTask<IReadOnlyCollection<string>> ListAsync(TenantContext tenant, CancellationToken ct);
}

/// <summary>
/// The language of rules: that of lists, over facts that nobody says of herself. Profile fields and attributes that people may edit are no fields of it, and an address counts only
/// when it is proved. <c>ne</c> is not for what one can get rid of.
/// </summary>
internal sealed class RuleLanguage(TenantDirectory tenants, OrganizationDirectory organizations, IEnumerable<ISelfWrittenAttributes> selfWritten)
{
    internal const string Known = "attributes.{name}, email_domain, organization, status and created_at";

    private const string AttributePrefix = "attributes.", EmailDomain = "email_domain", Organization = "organization";

    private static readonly Dictionary<string, ListField<RuleFacts>> Fields = new(StringComparer.Ordinal)
    {
        [EmailDomain] = new(EmailDomain, FieldKind.Exact, facts => facts.User.Emails.Where(e => e.Verified).Select(e => e.Normalized[(e.Normalized.LastIndexOf('@') + 1)..])),
        [Organization] = new(Organization, FieldKind.Exact, facts => facts.Organizations),
        ["status"] = ListField<RuleFacts>.Exact("status", facts => facts.User.Status == UserStatus.Active ? "active" : "disabled", "active", "disabled"),
        ["created_at"] = ListField<RuleFacts>.Time("created_at", facts => facts.User.CreatedAt),
    };

    private static ListField<RuleFacts>? Find(string name) => Fields.TryGetValue(name, out var field) ? field
        : name.StartsWith(AttributePrefix, StringComparison.Ordinal) && name.Length > AttributePrefix.Length
            ? new(name, FieldKind.Any, facts => UserAttributes.ValuesOf(facts.User, name[AttributePrefix.Length..])) : null;

    /// <summary>Reads a rule that is to be kept.</summary>
    /// <returns>The rule; 400 <c>filter_invalid</c>; 422 <c>rule_self_editable</c>, <c>rule_organization_unknown</c>.</returns>
    internal async ValueTask<Result<FilterRule<RuleFacts>, Problem>> ReadAsync(TenantTransaction tx, string? text, CancellationToken ct)
    {
        if (!FilterRule<RuleFacts>.Parse(text ?? "", Find, Known).TryGet(out var rule, out var problem)) return problem;
        if (await FindSelfWrittenAsync(tx.Tenant, rule, ct) is { } attribute)
            return Problem.Invalid("rule_self_editable", $"People may write the attribute {attribute} of themselves, so nothing may be reached by it.", "rule");
        foreach (var term in rule.Terms)
        {
            if (term.Field.Name is not (EmailDomain or Organization)) continue;
            if (term.Operator == FilterOperator.NotEqual) return Problem.Invalid("rule_self_editable", $"Anybody can get rid of an address or a membership: {term.Field.Name} takes eq only.", "rule");
            if (term.Field.Name == Organization && (!OrganizationId.TryParse((string)term.Value, out var id) || await organizations.FindAsync(tx, id, ct) is not { } named || named.Settings.EnrolmentMode == OrganizationSettings.Open))
                return Problem.Invalid("rule_organization_unknown", "organization is the id of one of this tenant that not anybody may join.", "rule");
        }
        return rule;
    }

    /// <summary>Reads one that is kept. What has become writable by people themselves since then lets nobody in.</summary>
    /// <returns>Null where it matches nobody.</returns>
    internal async ValueTask<FilterRule<RuleFacts>?> ReadKeptAsync(TenantId tenant, GroupRule kept, CancellationToken ct) =>
        FilterRule<RuleFacts>.Parse(kept.Text, Find, Known).TryGet(out var rule, out _) && await FindSelfWrittenAsync(tenant, rule, ct) is null ? rule : null;

    internal async ValueTask<RuleFacts> FactsAsync(TenantTransaction tx, User user, CancellationToken ct) =>
        new(user, [.. (await organizations.ListOfUserAsync(tx, user.Id, ct)).Where(o => o.Settings.EnrolmentMode != OrganizationSettings.Open).Select(o => o.Id.ToString())]);

    /// <summary>Whether the group is one that she can be in, and the rule is true of her.</summary>
    internal async ValueTask<bool> MatchesAsync(TenantTransaction tx, Group group, FilterRule<RuleFacts>? rule, RuleFacts facts, CancellationToken ct) =>
        rule is not null && rule.Matches(facts) && (group.Organization is not { } owner || await organizations.IsMemberAsync(tx, owner, facts.User.Id, ct));

    /// <summary>Whether a rule can only be true of members of this organization.</summary>
    internal static bool Names(GroupRule kept, OrganizationId organization) => FilterRule<RuleFacts>.Parse(kept.Text, Find, Known).TryGet(out var rule, out _)
        && rule.Terms.Any(t => t.Field.Name == Organization && (string)t.Value == organization.ToString());

    private async ValueTask<string?> FindSelfWrittenAsync(TenantId id, FilterRule<RuleFacts> rule, CancellationToken ct)
    {
        List<string> asked = [.. rule.Terms.Select(t => t.Field.Name).Where(n => n.StartsWith(AttributePrefix, StringComparison.Ordinal)).Select(n => n[AttributePrefix.Length..])];
        if (asked.Count == 0) return null;
        if (await tenants.FindAsync(id, ct) is not { } tenant) return asked[0];
        HashSet<string> theirs = new(tenant.Settings.Account.EditableAttributes, StringComparer.OrdinalIgnoreCase);
        foreach (var room in selfWritten) theirs.UnionWith(await room.ListAsync(tenant, ct));
        return asked.Find(theirs.Contains);
    }
}
