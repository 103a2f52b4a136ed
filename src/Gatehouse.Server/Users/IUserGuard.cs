using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>A later room's reason why a user must go on being able to sign in; asked before she is disabled or deleted.</summary>
public interface IUserGuard
{
    /// <returns>Null when nothing is against it; else why not, and nothing is changed.</returns>
    ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, CancellationToken ct);
}

/// <summary>All of them, in turn.</summary>
internal sealed class UserGuards(IEnumerable<IUserGuard> guards)
{
    internal async ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        foreach (var guard in guards)
            if (await guard.CheckAsync(tx, user, ct) is { } problem) return problem;
        return null;
    }
}
