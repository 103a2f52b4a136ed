using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users.Merging;

namespace Gatehouse.Groups;

/// <summary>The groups that one of her accounts was in, the other is in.</summary>
internal sealed class MoveGroups(EventOutbox events, TimeProvider clock) : IUserMerge
{
    public string Kind => "groups";

    public async ValueTask<Result<int, Problem>> MoveAsync(TenantTransaction tx, UserMerge merge, CancellationToken ct)
    {
        var groups = await GroupStore.ListDirectAsync(tx, merge.From.Id, ct);
        if (groups.Count == 0) return 0;
        await GroupStore.TakeTurnAsync(tx, ct);
        var moved = 0;
        foreach (var group in groups)
            if (await GroupStore.TryAddMemberAsync(tx, group, merge.Into.Id, clock.Now(), ct)) moved++;
        if (await GroupStore.CountOfUserAsync(tx, merge.Into.Id, ct) > GroupRules.MaxOfUser) return Problem.Conflict("groups_of_user_too_many", $"A user is in at most {GroupRules.MaxOfUser} groups.");
        if (moved > 0) await events.PublishAsync(tx, new GroupsOfUserChanged(merge.Into.Id), ct);
        return moved;
    }
}
