using Gatehouse.Authorization.Granting;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users.Merging;

namespace Gatehouse.Authorization;

/// <summary>
/// What one of her accounts held, the other holds: no more than both did, and the guard has asked whether the caller may give that. Of one role held in one place for two
/// terms, the longer one counts if it covers the other; else the one that stays.
/// </summary>
internal sealed class MoveRoles(TimeProvider clock) : IUserMerge
{
    public string Kind => "roles";

    public async ValueTask<Result<int, Problem>> MoveAsync(TenantTransaction tx, UserMerge merge, CancellationToken ct)
    {
        var (into, from) = (Holder.Of(merge.Into.Id), Holder.Of(merge.From.Id));
        // As wherever somebody is kept from being the last one to go.
        await Roles.LockAsync(tx, ct);
        var moved = 0;
        var own = await HeldRoleStore.ListOfAsync(tx, into, ct);
        foreach (var held in await HeldRoleStore.ListOfAsync(tx, from, ct))
        {
            if (own.Find(o => o.Role == held.Role && o.Scope == held.Scope) is not { } same)
            {
                if (await HeldRoleStore.TryInsertAsync(tx, held with { Id = AssignmentId.New(clock), Holder = into, GivenBy = merge.Caller.Id, CreatedAt = clock.Now() }, ct)) moved++;
            }
            else if (Covers(held, same) && !Covers(same, held) && await HeldRoleStore.TryMoveAsync(tx, same.Id, held.StartsAt, held.EndsAt, ct)) moved++;
        }
        if (await HeldRoleStore.CountOfAsync(tx, into, ct) > RoleRules.MaxHeld) return Problem.Conflict("assignments_too_many", $"One holder has at most {RoleRules.MaxHeld} roles.");
        if (moved > 0) Authority.HoldingChanged(tx, into);
        return moved;
    }

    private static bool Covers(Assignment longer, Assignment shorter) =>
        (longer.StartsAt is null || (shorter.StartsAt is { } start && longer.StartsAt <= start)) && (longer.EndsAt is null || (shorter.EndsAt is { } end && longer.EndsAt >= end));
}
