using Gatehouse.Authorization.Granting;
using Gatehouse.Groups;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>Whoever puts somebody into a group, or takes her out, gives or takes all that the group holds, and the groups that hold it.</summary>
internal sealed class GroupGuard(GrantGuard guard) : IGroupGuard
{
    public async ValueTask<Problem?> MayChangeAsync(TenantTransaction tx, IReadOnlyList<GroupId> groups, Caller caller, CancellationToken ct)
    {
        foreach (var group in groups)
            foreach (var held in await HeldRoleStore.ListOfAsync(tx, Holder.Of(group), ct))
                if (await guard.MayGiveAsync(tx, caller, held.Role, held.Scope, held.EndsAt, ct) is { } refused) return refused;
        return null;
    }
}
