using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;

namespace Gatehouse.Groups;

/// <summary>Why somebody may not be put into, or taken out of, a group: whoever does it gives or takes what the group holds. A later room provides it.</summary>
public interface IGroupGuard
{
    /// <param name="groups">The group and all that hold it.</param>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    ValueTask<Problem?> MayChangeAsync(TenantTransaction tx, IReadOnlyList<GroupId> groups, Caller caller, CancellationToken ct);
}

#pragma warning disable CA1822 // asked as one thing, like the other directories
/// <summary>What later rooms may ask of groups.</summary>
public sealed class GroupDirectory
{
    public ValueTask<Group?> FindAsync(TenantTransaction tx, GroupId id, CancellationToken ct) => GroupStore.FindAsync(tx, id, ct);

    /// <summary>The groups she is in by herself.</summary>
    public async ValueTask<IReadOnlyList<GroupId>> ListDirectAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await GroupStore.ListDirectAsync(tx, user, ct);

    /// <summary>Every group she is in, by herself or through one that is nested in it.</summary>
    public async ValueTask<IReadOnlyList<GroupId>> ListOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await ReachAsync(tx, await GroupStore.ListDirectAsync(tx, user, ct), ct);

    /// <summary>The group and every group that holds it, directly or not.</summary>
    public ValueTask<IReadOnlyList<GroupId>> ListWithOuterAsync(TenantTransaction tx, GroupId group, CancellationToken ct) => ReachAsync(tx, [group], ct);

    /// <summary>Who is in it, by herself or through a group inside it; at most so many.</summary>
    public async ValueTask<IReadOnlyCollection<UserId>> ListMembersAsync(TenantTransaction tx, GroupId group, int most, CancellationToken ct)
    {
        HashSet<GroupId> seen = [group];
        Queue<GroupId> open = new(seen);
        HashSet<UserId> members = [];
        while (members.Count < most && open.TryDequeue(out var at))
        {
            foreach (var member in await GroupStore.ListMembersAsync(tx, at, null, most - members.Count, ct)) members.Add(member.User);
            foreach (var inner in await GroupStore.ListInnerAsync(tx, at, ct))
                if (seen.Add(inner)) open.Enqueue(inner);
        }
        return members;
    }

    // Without a bound of its own: a walk that stopped somewhere would hide what a group gives. Nesting bounds it when it is made.
    private static async ValueTask<IReadOnlyList<GroupId>> ReachAsync(TenantTransaction tx, List<GroupId> from, CancellationToken ct)
    {
        if (from.Count == 0) return [];
        HashSet<GroupId> seen = [.. from];
        Queue<GroupId> open = new(from);
        while (open.TryDequeue(out var group))
            foreach (var outer in await GroupStore.ListOuterAsync(tx, group, ct))
                if (seen.Add(outer)) open.Enqueue(outer);
        return [.. seen];
    }
}
#pragma warning restore CA1822

/// <summary>Who left an organization is in none of its groups.</summary>
internal sealed class ForgetGroupMember(EventOutbox events) : IEventSubscriber<MemberRemoved>
{
    public async ValueTask HandleAsync(TenantTransaction tx, MemberRemoved occurrence, CancellationToken ct)
    {
        if (await GroupStore.RemoveFromOwnedAsync(tx, occurrence.OrganizationId, occurrence.UserId, ct) > 0) await events.PublishAsync(tx, new GroupsOfUserChanged(occurrence.UserId), ct);
    }
}

/// <summary>An organization's groups go with it.</summary>
internal sealed class ForgetGroups(EventOutbox events) : IEventSubscriber<OrganizationDeleted>
{
    public async ValueTask HandleAsync(TenantTransaction tx, OrganizationDeleted occurrence, CancellationToken ct)
    {
        foreach (var group in await GroupStore.ListOwnedIdsAsync(tx, occurrence.OrganizationId, ct))
        {
            await Rules.RuleStore.DeleteAsync(tx, group, ct);
            await events.PublishAsync(tx, new GroupDeleted(group), ct);
        }
        await GroupStore.DeleteOwnedAsync(tx, occurrence.OrganizationId, ct);
    }
}
