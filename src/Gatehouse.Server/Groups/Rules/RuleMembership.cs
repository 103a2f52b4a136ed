using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Groups.Rules;

/// <summary>
/// Brings a user's groups by rule to what the rules say of her as she is in this transaction. Who does that holds her row, so that two who do it at once follow each other
/// and the second sees what the first wrote.
/// </summary>
internal sealed class RuleMembership(RuleLanguage language, UserDirectory users, AuditLog audit, EventOutbox events, TimeProvider clock)
{
    /// <summary>By every rule of the tenant.</summary>
    internal async ValueTask ComputeAsync(TenantTransaction tx, UserId id, CancellationToken ct)
    {
        var rules = await RuleStore.ListAsync(tx, ct);
        if (rules.Count == 0 || !await users.HoldAsync(tx, id, ct) || await users.FindAsync(tx, id, ct) is not { } user) return;
        var facts = await language.FactsAsync(tx, user, ct);
        var changed = false;
        foreach (var rule in rules)
            if (await GroupStore.FindAsync(tx, rule.Group, ct) is { } group) changed |= await ApplyAsync(tx, group, await language.ReadKeptAsync(tx.Tenant, rule, ct), facts, ct);
        if (changed) await events.PublishAsync(tx, new GroupsOfUserChanged(id), ct);
    }

    /// <summary>By one rule.</summary>
    internal async ValueTask ComputeAsync(TenantTransaction tx, Group group, FilterRule<RuleFacts>? rule, UserId id, CancellationToken ct)
    {
        if (!await users.HoldAsync(tx, id, ct) || await users.FindAsync(tx, id, ct) is not { } user) return;
        if (await ApplyAsync(tx, group, rule, await language.FactsAsync(tx, user, ct), ct)) await events.PublishAsync(tx, new GroupsOfUserChanged(id), ct);
    }

    private async ValueTask<bool> ApplyAsync(TenantTransaction tx, Group group, FilterRule<RuleFacts>? rule, RuleFacts facts, CancellationToken ct)
    {
        var (user, wanted) = (facts.User.Id, await language.MatchesAsync(tx, group, rule, facts, ct));
        if (!(wanted ? await RuleStore.TryAddAsync(tx, group.Id, user, clock.Now(), ct) : await RuleStore.TryRemoveAsync(tx, group.Id, user, ct))) return false;
        await audit.AppendAsync(tx, GroupAudit.Of(wanted ? "group.member_added" : "group.member_removed", group, AuditActor.System, RequestFacts.None, ("user", user.ToString()), ("by", GroupMemberView.ByRule)), ct);
        return true;
    }
}

/// <summary>Who changes belongs to other groups at once, in the same transaction.</summary>
internal sealed class FollowRules(RuleMembership membership) : IEventSubscriber<UserCreated>, IEventSubscriber<UserUpdated>, IEventSubscriber<UserDisabled>, IEventSubscriber<UserEnabled>,
    IEventSubscriber<MemberAdded>, IEventSubscriber<MemberRemoved>
{
    public ValueTask HandleAsync(TenantTransaction tx, UserCreated occurrence, CancellationToken ct) => membership.ComputeAsync(tx, occurrence.UserId, ct);
    public ValueTask HandleAsync(TenantTransaction tx, UserUpdated occurrence, CancellationToken ct) => membership.ComputeAsync(tx, occurrence.UserId, ct);
    public ValueTask HandleAsync(TenantTransaction tx, UserDisabled occurrence, CancellationToken ct) => membership.ComputeAsync(tx, occurrence.UserId, ct);
    public ValueTask HandleAsync(TenantTransaction tx, UserEnabled occurrence, CancellationToken ct) => membership.ComputeAsync(tx, occurrence.UserId, ct);
    public ValueTask HandleAsync(TenantTransaction tx, MemberAdded occurrence, CancellationToken ct) => membership.ComputeAsync(tx, occurrence.UserId, ct);
    public ValueTask HandleAsync(TenantTransaction tx, MemberRemoved occurrence, CancellationToken ct) => membership.ComputeAsync(tx, occurrence.UserId, ct);
}

/// <summary>A rule that asks for members of an organization is true of nobody when that is gone.</summary>
internal sealed class ForgetRuleMembers(EventOutbox events) : IEventSubscriber<OrganizationDeleted>
{
    public async ValueTask HandleAsync(TenantTransaction tx, OrganizationDeleted occurrence, CancellationToken ct)
    {
        foreach (var rule in await RuleStore.ListAsync(tx, ct))
            if (RuleLanguage.Names(rule, occurrence.OrganizationId) && await RuleStore.RemoveAllAsync(tx, rule.Group, ct) > 0) await events.PublishAsync(tx, new GroupRuleChanged(rule.Group), ct);
    }
}

/// <summary>Whoever changes a user so that she comes into a group by its rule, or out of it, gives or takes what the group holds.</summary>
internal sealed class RuleReach(GroupDirectory groups, IGroupGuard guard, TimeProvider clock) : IUserReach
{
    public async ValueTask<IReadOnlyList<Guid>> BeforeAsync(TenantTransaction tx, UserId user, CancellationToken ct) => [.. (await RuleStore.ListOfUserAsync(tx, user, ct)).Select(g => g.Value)];

    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, IReadOnlyList<Guid> before, Caller caller, CancellationToken ct)
    {
        HashSet<Guid> after = [.. (await RuleStore.ListOfUserAsync(tx, user, ct)).Select(g => g.Value)], moved = [.. after];
        moved.SymmetricExceptWith(before);
        if (moved.Count == 0) return null;
        // Asked as it was before: she may be the caller herself, who must not be allowed to come in for the reason that she is in.
        await MoveAsync(tx, user, moved, before, ct);
        foreach (var group in moved)
            if (await guard.MayChangeAsync(tx, await groups.ListWithOuterAsync(tx, new GroupId(group), ct), caller, ct) is { } refused) return refused;
        await MoveAsync(tx, user, moved, after, ct);
        return null;
    }

    private async ValueTask MoveAsync(TenantTransaction tx, UserId user, HashSet<Guid> moved, IReadOnlyCollection<Guid> into, CancellationToken ct)
    {
        foreach (var group in moved)
            if (into.Contains(group)) await RuleStore.TryAddAsync(tx, new GroupId(group), user, clock.Now(), ct);
            else await RuleStore.TryRemoveAsync(tx, new GroupId(group), user, ct);
    }
}
