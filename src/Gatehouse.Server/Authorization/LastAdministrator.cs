using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Authorization;

/// <summary>
/// A tenant always has an administrator who can sign in: the last one is neither disabled nor deleted nor loses the role. Two who do that to
/// each other at the same moment take turns at the role's row, and the second finds that she would be the last.
/// </summary>
public sealed class LastAdministrator(Roles roles, UserDirectory users) : IUserGuard
{
    /// <returns>Null when there is, or was, another one; else <c>last_administrator</c>, and the caller does not commit.</returns>
    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        if (!await roles.LockAsync(tx, Roles.Administrator, ct) || !await roles.HoldsAsync(tx, user, Roles.Administrator, ct)) return null;
        foreach (var other in await roles.ListHoldersAsync(tx, Roles.Administrator, ct))
            if (other != user && await users.FindAsync(tx, other, ct) is { Status: UserStatus.Active }) return null;
        return Problem.Conflict("last_administrator", "She is the last administrator of this tenant who can sign in. Make somebody else one first.");
    }
}
