using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users.Merging;

namespace Gatehouse.OAuth;

/// <summary>What she allowed applications with one of her accounts she has allowed them with the other. Tokens do not move: they name the account that goes, and end with it.</summary>
internal sealed class MoveConsents(TimeProvider clock) : IUserMerge
{
    public string Kind => "consents";

    public async ValueTask<Result<int, Problem>> MoveAsync(TenantTransaction tx, UserMerge merge, CancellationToken ct)
    {
        var moved = 0;
        foreach (var client in (await ConsentStore.ListOfUserAsync(tx, merge.From.Id, ct)).GroupBy(c => c.Client))
        {
            await ConsentStore.GiveAsync(tx, merge.Into.Id, client.Key, [.. client.Select(c => c.Scope)], clock.Now(), ct);
            moved++;
        }
        return moved;
    }
}
