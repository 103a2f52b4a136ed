using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users.Merging;

namespace Gatehouse.Workspaces;

/// <summary>
/// Who belonged to a workspace with one of her accounts belongs to it with the other, archived ones too: the roles that she holds there move as well, and would otherwise count for nobody until
/// somebody adds her, the last owner's among them. Her personal one is not moved: it goes with the account whose it is.
/// </summary>
internal sealed class MoveWorkspaces(EventOutbox events, TimeProvider clock) : IUserMerge
{
    public string Kind => "workspaces";

    public async ValueTask<Result<int, Problem>> MoveAsync(TenantTransaction tx, UserMerge merge, CancellationToken ct)
    {
        var moved = 0;
        foreach (var workspace in await WorkspaceMemberStore.ListOfUserAsync(tx, merge.From.Id, WorkspaceRules.MaxOfUser, ct))
        {
            if (workspace.PersonalOf is not null || !await WorkspaceMemberStore.TryInsertAsync(tx, workspace.Id, merge.Into.Id, clock.Now(), ct)) continue;
            await events.PublishAsync(tx, new WorkspaceMemberAdded(workspace.Id, merge.Into.Id), ct);
            moved++;
        }
        return await WorkspaceMemberStore.CountOfUserAsync(tx, merge.Into.Id, ct) > WorkspaceRules.MaxOfUser ? WorkspaceProblems.TooManyMembers : moved;
    }
}
