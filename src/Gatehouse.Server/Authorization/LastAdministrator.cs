using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Authorization;

/// <summary>
/// A tenant always has an administrator who can sign in: the last one is neither disabled nor deleted nor loses the role. Only one counts who holds it
/// herself and for good, so that no group and no date takes the last one away. Two who do that to each other at the same moment take turns, and the
/// second finds that she would be the last.
/// </summary>
public sealed class LastAdministrator(Roles roles, UserDirectory users) : IUserGuard
{
    /// <returns>Null when there is, or was, another one; else <c>last_administrator</c>, and the caller does not commit.</returns>
    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await Roles.LockAsync(tx, ct);
        var administrators = await roles.ListAdministratorsAsync(tx, ct);
        if (!administrators.Contains(user)) return null;
        foreach (var other in administrators)
            if (other != user && await users.FindAsync(tx, other, ct) is { Status: UserStatus.Active }) return null;
        return Problem.Conflict("last_administrator", "She is the last administrator of this tenant who can sign in. Make somebody else one first.");
    }
}
